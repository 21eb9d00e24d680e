//! A class: pupils who marked the articles of a key, the same every time, and what was done to each passage.
//!
//! No passage overlaps another one of the same person, and every change is drawn here; so what a comparison must
//! count is known without comparing.

use sourcemark::{
    agreement::Random,
    anchor::describe,
    annotation::{
        Agent, AgentId, AgentKind, Annotation, AnnotationId, AnnotationSet, Article, Attribution,
        Kept, TagId, Timestamp,
    },
    files::{Expected, annotations_beside, save_annotations},
    text::{SourceText, TextRange},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Passages of the key in one article.
pub const N_PASSAGES: usize = 25;

const TAGS: [&str; 4] = ["allegation", "denial", "expert-opinion", "precedent"];

const WORDS: [&str; 24] = [
    "ministry",
    "said",
    "that",
    "vendor",
    "denied",
    "every",
    "claim",
    "hidden",
    "access",
    "network",
    "experts",
    "examined",
    "code",
    "court",
    "found",
    "no",
    "evidence",
    "report",
    "never",
    "published",
    "earlier",
    "case",
    "Zürich",
    "आरोप",
];

/// What a pupil did, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Passages of the key that were marked just so.
    pub right: usize,
    /// With the right tag and other edges.
    pub edges: usize,
    /// With another tag.
    pub other_tag: usize,
    /// Not at all.
    pub missed: usize,
    /// Passages that are not in the key.
    pub extra: usize,
}

/// One article.
pub struct ClassArticle {
    /// Name of its file.
    pub name: String,
    /// What it says.
    pub text: SourceText,
    /// The key.
    pub key: AnnotationSet,
    /// What each pupil marked.
    pub pupils: Vec<AnnotationSet>,
    /// What each pupil did.
    pub done: Vec<Done>,
    /// How many pupils missed each passage of the key, in the order of the article.
    pub missed: Vec<usize>,
}

/// Makes the articles and what everybody marked in them. With `attributes`, each mark says how certain it is.
pub fn class(n_pupils: usize, n_articles: usize, attributes: bool) -> Vec<ClassArticle> {
    let mut random = Random::new(25);
    let articles = (0..n_articles).map(|n| article(n, n_pupils, attributes, &mut random));
    articles.collect()
}

/// Writes the files: `key/` with the articles, and a folder for each pupil with annotation files alone. Returns the
/// folder of the key and those of the pupils.
pub fn write(class: &[ClassArticle], folder: &Path) -> (PathBuf, Vec<PathBuf>) {
    let key = folder.join("key");
    let n_pupils = class.first().map_or(0, |article| article.pupils.len());
    let pupils: Vec<PathBuf> = (0..n_pupils)
        .map(|n| folder.join("class").join(name_of(n).to_lowercase()))
        .collect();
    for path in pupils.iter().chain([&key]) {
        fs::create_dir_all(path).expect("a folder");
    }
    let save = |path: &Path, set: &AnnotationSet| {
        save_annotations(path, set, Expected::New, false).expect("an annotation file");
    };
    for article in class {
        fs::write(key.join(&article.name), article.text.as_str()).expect("an article");
        save(&annotations_beside(&key.join(&article.name)), &article.key);
        for (folder, set) in pupils.iter().zip(&article.pupils) {
            save(&annotations_beside(&folder.join(&article.name)), set);
        }
    }
    (key, pupils)
}

/// The pupil of this number, from 0.
pub fn name_of(pupil: usize) -> String {
    format!("Pupil {:02}", pupil + 1)
}

/// A sentence, by the offsets of its words.
struct Sentence(Vec<(usize, usize)>);

impl Sentence {
    fn range(&self) -> (usize, usize) {
        self.words(0, self.0.len())
    }

    /// The words from `first` to `end` − 1.
    fn words(&self, first: usize, end: usize) -> (usize, usize) {
        (self.0[first].0, self.0[end - 1].1)
    }
}

fn article(number: usize, n_pupils: usize, attributes: bool, random: &mut Random) -> ClassArticle {
    let mut text = format!("Article {number}\n\n");
    let mut sentences = Vec::new();
    // Of four sentences the first is in the key, the third only a pupil may mark, the others nobody begins.
    for n in 0..4 * N_PASSAGES {
        let mut words = Vec::new();
        for word in 0..6 + random.below(12) {
            if word > 0 {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(WORDS[random.below(WORDS.len())]);
            words.push((start, text.len()));
        }
        sentences.push(Sentence(words));
        text.push_str(if n % 8 == 7 { ".\n\n" } else { ". " });
    }
    let name = format!("article {number}.txt");
    let text = SourceText::new(text).expect("a text");
    let mut teacher = Hand::new("Teacher", &text, &name, attributes, number);
    let mut truth = Vec::new();
    for n in 0..N_PASSAGES {
        let tag = random.below(TAGS.len());
        teacher.mark(sentences[4 * n].range(), tag);
        truth.push(tag);
    }
    let mut missed = vec![0; N_PASSAGES];
    let mut pupils = Vec::new();
    let mut all_done = Vec::new();
    for pupil in 0..n_pupils {
        let mut hand = Hand::new(&name_of(pupil), &text, &name, attributes, number);
        let mut done = Done::default();
        for (n, tag) in truth.iter().enumerate() {
            let sentence = &sentences[4 * n];
            let n_words = sentence.0.len();
            match random.below(20) {
                0..3 => {
                    done.missed += 1;
                    missed[n] += 1;
                }
                3..5 => {
                    done.edges += 1;
                    hand.mark(sentence.words(1, n_words), *tag);
                }
                5 => {
                    done.edges += 1;
                    // On into the next sentence, which is nobody's.
                    let end = sentences[4 * n + 1].0[0].1;
                    hand.mark((sentence.range().0, end), *tag);
                }
                6..8 => {
                    done.other_tag += 1;
                    hand.mark(sentence.range(), (*tag + 1) % TAGS.len());
                }
                _ => {
                    done.right += 1;
                    hand.mark(sentence.range(), *tag);
                }
            }
            if random.below(12) == 0 {
                done.extra += 1;
                hand.mark(sentences[4 * n + 2].range(), random.below(TAGS.len()));
            }
        }
        pupils.push(hand.set);
        all_done.push(done);
    }
    ClassArticle {
        name,
        text,
        key: teacher.set,
        pupils,
        done: all_done,
        missed,
    }
}

/// Somebody who marks an article.
struct Hand {
    text: SourceText,
    agent: AgentId,
    attributes: bool,
    next_id: u128,
    set: AnnotationSet,
}

impl Hand {
    fn new(name: &str, text: &SourceText, article: &str, attributes: bool, number: usize) -> Self {
        let id = name.bytes().fold(7, |id: u128, byte| {
            (id * 131 + u128::from(byte)) % (1 << 40)
        });
        let agent = Agent {
            id: AgentId::from_u128(id),
            name: name.to_owned(),
            kind: AgentKind::Person,
            kept: Kept::default(),
        };
        let mut set = AnnotationSet::new(Article::describe(text, article, "UTF-8"));
        set.agents.insert(agent.id, Arc::new(agent.clone()));
        Self {
            text: text.clone(),
            agent: agent.id,
            attributes,
            // The beginning differs, as that of ids made at different times.
            next_id: (id + number as u128 + 1) << 80,
            set,
        }
    }

    fn mark(&mut self, (start, end): (usize, usize), tag: usize) {
        self.next_id += 1 << 60;
        let now = Timestamp::parse("2026-03-01T12:00:00Z").expect("a time");
        let selector = describe(&self.text, TextRange::from_bytes(start..end)).expect("a passage");
        let certainty = || ("certainty".to_owned(), (1 + start % 3).to_string());
        let annotation = Annotation {
            id: AnnotationId::from_u128(self.next_id),
            segments: vec![selector],
            tags: vec![TagId::parse(TAGS[tag]).expect("a tag")],
            note: String::new(),
            comments: Vec::new(),
            attribution: Attribution::default(),
            claims: Vec::new(),
            attributes: self
                .attributes
                .then(certainty)
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            creator: self.agent,
            also_by: Vec::new(),
            created: now,
            modified: now,
            kept: Kept::default(),
        };
        self.set
            .annotations
            .insert(annotation.id, Arc::new(annotation));
    }
}

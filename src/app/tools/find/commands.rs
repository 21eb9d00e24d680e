//! What the bar and the keys ask for: opening and closing, looking for a query, going from hit to hit.

use crate::{
    annotation::TagId,
    app::{
        base::{
            jobs::{Job, JobFailure},
            sender::Sender,
        },
        core::command::{AppCommand, Step},
        session::article::OpenArticle,
        tools::{
            find::{Find, Next, Origin, Outcome, Sought, position},
            tool::Cx,
        },
    },
    search::{Hits, Pattern, QueryError, SLICE_BYTES, Search},
    text::{ByteOffset, TextRange, is_longer},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A selection longer than this, in code points, is not what somebody wants to find.
const MAX_FILLED_IN: usize = 100;

/// What is asked of the search.
#[derive(Debug)]
pub enum FindCommand {
    /// Open the bar, or go to its field.
    Open,
    /// Close it.
    Close,
    /// The query was changed.
    Changed,
    /// Go to the next hit, or the one before.
    Go(Step),
    /// Tag all hits.
    TagHits(TagId),
    /// A search has found something, or all there is.
    Found(Box<Found>),
    /// A search did not get to its end.
    Failed(JobFailure),
}

/// What a search has found so far.
#[derive(Debug)]
pub struct Found {
    /// Which search.
    n_search: u64,
    hits: Hits,
    is_done: bool,
}

/// The job that searches an article.
#[derive(Clone, Copy)]
struct Work;

impl Job for Work {
    type Message = FindCommand;

    fn name(self) -> &'static str {
        "find"
    }

    fn failed(self, failure: JobFailure) -> FindCommand {
        FindCommand::Failed(failure)
    }
}

/// Carries one command out.
pub fn run(find: &mut Find, command: FindCommand, cx: &mut Cx<'_, FindCommand>) {
    match command {
        FindCommand::Open => open(find, cx),
        FindCommand::Close => close(find, cx),
        FindCommand::Changed => start(find, Next::Peek, cx),
        FindCommand::Go(step) => go(find, step, cx),
        FindCommand::TagHits(tag) => {
            let article = cx.session().article();
            let hits = article.map(|article| find.all_hits(article.key, article.text()));
            if let Some(hits) = hits {
                cx.run(AppCommand::TagAll(hits, tag));
            }
        }
        FindCommand::Found(found) => self::found(find, *found, cx),
        FindCommand::Failed(failure) => {
            find.forget_search();
            cx.job_failed("The article was not searched", &failure, "Try again.");
        }
    }
}

/// Closes the bar if it is open; whether it was.
pub fn cancel(find: &mut Find, cx: &mut Cx<'_, FindCommand>) -> bool {
    let is_open = find.is_open;
    if is_open {
        close(find, cx);
    }
    is_open
}

/// Searches anew when another article, or another text of it, is shown under an open bar.
pub fn follow(find: &mut Find, cx: &mut Cx<'_, FindCommand>) {
    // A text of a hundred megabytes must not be kept for the last search in it.
    let is_gone = |sought: &Sought| {
        let article = cx.session().find(sought.key);
        article.is_none_or(|article| !article.text().is_same(&sought.text))
    };
    if find.sought.as_ref().is_some_and(is_gone) {
        find.forget();
    }
    if !find.is_open {
        return;
    }
    let Some(article) = cx.session().article() else {
        find.is_open = false;
        find.stop.store(true, Ordering::Relaxed);
        return;
    };
    let is_known = find
        .sought
        .as_ref()
        .is_some_and(|sought| sought.key == article.key && sought.text.is_same(article.text()));
    if !is_known {
        let (origin, caret) = (Origin::of(article), article.reader.caret());
        find.stand(origin, caret);
        start(find, Next::Nothing, cx);
    }
}

fn open(find: &mut Find, cx: &mut Cx<'_, FindCommand>) {
    let Some(article) = cx.session().article() else {
        return;
    };
    let (origin, caret) = (Origin::of(article), article.reader.caret());
    let selected = article.reader.selection();
    let words = selected.and_then(|range| words_to_fill_in(article, range));
    find.view.wants_focus = true;
    if !std::mem::replace(&mut find.is_open, true) {
        find.stand(origin, caret);
    }
    if let Some(words) = words {
        find.view.query.words = words;
        find.view.query.options.is_regex = false;
        find.current = selected;
    }
    start(find, Next::Nothing, cx);
}

/// The selection, if somebody may want to find it elsewhere.
fn words_to_fill_in(article: &OpenArticle, range: TextRange) -> Option<String> {
    let words = article.text().slice_or_empty(range);
    let is_short = words.len() <= 4 * MAX_FILLED_IN && !is_longer(words, MAX_FILLED_IN);
    let is_one_line = !words.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    (is_short && is_one_line).then(|| words.to_owned())
}

/// Leaves the reader at the hit that was gone to, selected, or else where it was before.
fn close(find: &mut Find, cx: &mut Cx<'_, FindCommand>) {
    find.is_open = false;
    find.stop.store(true, Ordering::Relaxed);
    find.is_searching = false;
    find.wrapped = None;
    find.view.tag = None;
    find.revision += 1;
    let (current, origin) = (find.current, find.origin.take());
    let (has_gone, has_peeked, caret) = (find.has_gone, find.has_peeked, find.caret);
    let Some(article) = cx.active_mut() else {
        return;
    };
    article.reader.take_focus();
    match (current, origin) {
        (Some(hit), _) if has_gone => {
            article.reader.select(hit);
            article.reader.reveal(hit);
            let caret = article.reader.caret();
            if let Some(origin) = origin
                && !article.reader.visible().contains(origin.at)
            {
                article.remember(origin.place);
            }
            find.caret = caret;
        }
        // Whoever has clicked into the text stays there.
        (_, Some(origin)) if has_peeked && article.reader.caret() == caret => {
            article.reader.return_to(origin.place);
        }
        _ => {}
    }
}

/// Looks for the query in the article that is shown; `next` says what then.
fn start(find: &mut Find, next: Next, cx: &mut Cx<'_, FindCommand>) {
    find.stop.store(true, Ordering::Relaxed);
    let Some(article) = cx.session().article() else {
        return;
    };
    let (key, text) = (article.key, article.text().clone());
    let here = article.reader.range().start();
    let query = find.view.query.clone();
    let is_same = find.sought.as_ref().is_some_and(|sought| {
        sought.key == key && sought.text.is_same(&text) && sought.query == query
    });
    let is_known = is_same && !find.is_searching && !matches!(find.outcome, Outcome::Nothing);
    let from = find
        .origin
        .filter(|_| find.is_open)
        .map_or(here, |origin| origin.at);
    find.stop = Arc::default();
    find.next = next;
    find.n_searches += 1;
    find.revision += 1;
    find.wrapped = None;
    if is_known {
        take_next(find, cx);
        return;
    }
    find.n_results += 1;
    find.view.tag = None;
    find.sought = Some(Sought {
        key,
        text: text.clone(),
        query: query.clone(),
    });
    find.is_searching = false;
    find.outcome = match Pattern::new(&query) {
        Err(QueryError::Syntax(reason)) => Outcome::Invalid(reason),
        Err(error @ QueryError::TooLarge) => Outcome::Invalid(error.to_string()),
        Ok(None) => Outcome::Nothing,
        Ok(Some(pattern)) => {
            find.is_searching = true;
            let (stop, n_search) = (Arc::clone(&find.stop), find.n_searches);
            let search = Search::new(&text, Arc::new(pattern), from);
            cx.awaited_job(Work, move |sender| {
                look(search, n_search, &stop, sender);
            });
            Outcome::Hits(Arc::default())
        }
    };
    if !find.is_searching {
        take_next(find, cx);
    }
}

/// The job: tells the first hit as soon as it is known, and all in the end.
fn look(mut search: Search, n_search: u64, stop: &AtomicBool, sender: &Sender<FindCommand>) {
    let may_go_on = || !stop.load(Ordering::Relaxed);
    let mut has_told = false;
    while may_go_on() {
        search.step(SLICE_BYTES, &may_go_on);
        let is_done = search.is_done();
        if is_done || (!has_told && search.first().is_some()) {
            has_told = true;
            let hits = search.hits();
            sender.send(FindCommand::Found(Box::new(Found {
                n_search,
                hits,
                is_done,
            })));
        }
        if is_done {
            return;
        }
    }
}

fn found(find: &mut Find, found: Found, cx: &mut Cx<'_, FindCommand>) {
    if found.n_search != find.n_searches {
        return;
    }
    find.outcome = Outcome::Hits(Arc::new(found.hits));
    find.is_searching = !found.is_done;
    find.n_results += 1;
    find.revision += 1;
    take_next(find, cx);
}

/// Does what was to be done as soon as there are hits.
fn take_next(find: &mut Find, cx: &mut Cx<'_, FindCommand>) {
    let hits = match &find.outcome {
        Outcome::Hits(hits) => Arc::clone(hits),
        Outcome::Nothing | Outcome::Invalid(_) => Arc::default(),
    };
    if hits.is_empty() && find.is_searching {
        return;
    }
    find.current = find
        .current
        .filter(|hit| hits.touching(*hit).1.contains(hit));
    match std::mem::take(&mut find.next) {
        Next::Nothing => {}
        Next::Go(step) => go_in(find, &hits, step, cx),
        Next::Peek => peek(find, &hits, cx),
    }
}

/// Shows the first hit at or after the place where the reader was, without going there.
fn peek(find: &mut Find, hits: &Hits, cx: &mut Cx<'_, FindCommand>) {
    let origin = find.origin;
    let place = origin.map_or(find.caret, |origin| origin.at);
    find.has_gone = false;
    find.current = hits.from_place(place).and_then(|idx| hits.get(idx));
    let current = find.current;
    let was_away = std::mem::replace(&mut find.has_peeked, current.is_some());
    let Some(article) = cx.active_mut() else {
        return;
    };
    match (current, origin) {
        (Some(hit), _) => article.reader.reveal(hit),
        (None, Some(origin)) if was_away => article.reader.return_to(origin.place),
        (None, _) => {}
    }
}

fn go(find: &mut Find, step: Step, cx: &mut Cx<'_, FindCommand>) {
    let Some(article) = cx.session().article() else {
        return;
    };
    let is_known = find.sought.as_ref().is_some_and(|sought| {
        sought.key == article.key
            && sought.text.is_same(article.text())
            && sought.query == find.view.query
    });
    match &find.outcome {
        Outcome::Hits(hits) if is_known && !(hits.is_empty() && find.is_searching) => {
            let hits = Arc::clone(hits);
            go_in(find, &hits, step, cx);
        }
        Outcome::Hits(_) if is_known => find.next = Next::Go(step),
        Outcome::Nothing | Outcome::Invalid(_) if is_known => {}
        _ => start(find, Next::Go(step), cx),
    }
}

/// Goes from the hit that is shown, or from the caret, to the next hit or the one before, round the end.
fn go_in(find: &mut Find, hits: &Hits, step: Step, cx: &mut Cx<'_, FindCommand>) {
    let is_open = find.is_open;
    let Some(article) = cx.session().article() else {
        return;
    };
    let Some(last) = hits.len().checked_sub(1) else {
        if !is_open {
            let title = "Not found in this article";
            cx.notices()
                .info(title, "Use Find to look for something else.");
        }
        return;
    };
    let here = article.reader.range();
    let shown = find
        .current
        .filter(|_| article.reader.caret() == find.caret)
        .and_then(|current| position(hits, current));
    let n_before = |place: ByteOffset| hits.ranges().partition_point(|hit| hit.start() < place);
    let next = match (step, shown) {
        (Step::Forward, Some(idx)) => Some(idx + 1),
        (Step::Forward, None) => Some(n_before(here.end())),
        (Step::Back, Some(idx)) => idx.checked_sub(1),
        (Step::Back, None) => n_before(here.start()).checked_sub(1),
    };
    let idx = next.unwrap_or(last);
    let idx = if idx > last { 0 } else { idx };
    let has_wrapped = next != Some(idx);
    let Some(hit) = hits.get(idx) else {
        return;
    };
    find.wrapped = has_wrapped.then_some(step);
    find.has_gone = true;
    find.current = Some(hit);
    find.revision += 1;
    let Some(article) = cx.active_mut() else {
        return;
    };
    article.reader.reveal(hit);
    if !is_open {
        if !article.reader.visible().contains(hit.start()) {
            article.remember(article.reader.place());
        }
        article.reader.select(hit);
        article.reader.take_focus();
    }
    let caret = article.reader.caret();
    find.caret = caret;
}

impl Find {
    /// Stops the search and gives back what it has found.
    fn forget(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.n_searches += 1;
        self.n_results += 1;
        self.revision += 1;
        self.is_searching = false;
        (self.sought, self.current) = (None, None);
        self.outcome = Outcome::Nothing;
        self.view.tag = None;
    }

    /// Begins anew from where the reader is.
    fn stand(&mut self, origin: Origin, caret: ByteOffset) {
        self.origin = Some(origin);
        self.caret = caret;
        (self.has_gone, self.has_peeked) = (false, false);
        self.current = None;
        self.wrapped = None;
    }
}

impl Origin {
    fn of(article: &OpenArticle) -> Self {
        let (visible, range) = (article.reader.visible(), article.reader.range());
        // A selection that was made to be looked for is a hit itself.
        let is_in_sight = visible.contains(range.start()) || visible.is_empty();
        Self {
            place: article.reader.place(),
            at: if is_in_sight {
                range.start()
            } else {
                visible.start()
            },
        }
    }
}

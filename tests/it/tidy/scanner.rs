//! Takes a source file apart: comments, literals, paths, `use` trees and `#[cfg(test)]` items.
//!
//! It knows no more of Rust than that, and judges nothing: the rules do.

/// A file taken apart. Every view has the lines of the file; what belongs elsewhere is blank.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    /// The path below `src`.
    pub(super) inner: &'a str,
    pub(super) text: &'a str,
    pub(super) comments: String,
    pub(super) without_comments: String,
    /// String and character literals outside test parts.
    pub(super) literals: String,
    pub(super) tokens: Vec<Token>,
    pub(super) names: Vec<Name>,
    /// Names that mean something of the project here: modules declared, and imports from `crate`,
    /// `super` and `self`.
    pub(super) own_names: Vec<String>,
}

#[derive(Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) in_test: bool,
}

/// A path as written, `use` trees spread out: `use crate::{text::Line, edit}` is two names.
pub(super) struct Name {
    pub(super) parts: Vec<String>,
    pub(super) line: usize,
    pub(super) in_use: bool,
    pub(super) in_test: bool,
}

impl Name {
    pub(super) fn first(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts
            .iter()
            .zip(self.parts.iter().skip(1))
            .map(|(a, b)| (a.as_str(), b.as_str()))
    }
}

impl<'a> Source<'a> {
    pub(super) fn read(path: &'a str, text: &'a str) -> Self {
        let kinds = kinds_of(text);
        let code = keep(text, &kinds, |kind| kind == Kind::Code);
        let is_test = test_parts(&code);
        let is_test_file = path.ends_with("/tests.rs") || path.contains("/tests/");
        let outside_tests: Vec<Kind> = kinds
            .iter()
            .zip(&is_test)
            .map(|(kind, in_test)| {
                if *in_test || is_test_file {
                    Kind::Comment
                } else {
                    *kind
                }
            })
            .collect();
        let mut tokens = tokens_of(&code, &is_test);
        for token in &mut tokens {
            token.in_test |= is_test_file;
        }
        let (names, own_names) = names_of(&tokens);
        Self {
            path,
            inner: path.strip_prefix("src/").unwrap_or(path),
            text,
            comments: keep(text, &kinds, |kind| kind == Kind::Comment),
            without_comments: keep(text, &kinds, |kind| kind != Kind::Comment),
            literals: keep(text, &outside_tests, |kind| kind == Kind::Literal),
            tokens,
            names,
            own_names,
        }
    }

    pub(super) fn names_outside_tests(&self) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(|name| !name.in_test)
    }

    pub(super) fn macros_outside_tests(&self, names: &[&str]) -> Vec<usize> {
        let tokens: Vec<Token> = self
            .tokens
            .iter()
            .filter(|token| !token.in_test)
            .cloned()
            .collect();
        macro_lines(&tokens, names)
    }

    /// Returns one breach for each of `lines`, which count from 1.
    pub(super) fn at(&self, lines: impl IntoIterator<Item = usize>, breach: &str) -> Vec<String> {
        let mut lines: Vec<usize> = lines.into_iter().collect();
        lines.sort_unstable();
        lines.dedup();
        lines
            .iter()
            .map(|line| format!("{}:{line}: {breach}", self.path))
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// Returns what each byte of `text` is.
fn kinds_of(text: &str) -> Vec<Kind> {
    let bytes = text.as_bytes();
    let mut kinds = Vec::with_capacity(bytes.len());
    while let Some(rest) = text.get(kinds.len()..).filter(|rest| !rest.is_empty()) {
        let after_word = text[..kinds.len()]
            .chars()
            .next_back()
            .is_some_and(is_word_part);
        let (kind, length) = if rest.starts_with("//") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Kind::Comment, block_comment_length(rest))
        } else if rest.starts_with('"') {
            (Kind::Literal, quoted_length(rest, '"'))
        } else if let Some(length) = raw_string_length(rest).filter(|_| !after_word) {
            (Kind::Literal, length)
        } else if rest.starts_with('\'') && is_char_literal(rest) {
            (Kind::Literal, quoted_length(rest, '\''))
        } else {
            (Kind::Code, rest.chars().next().map_or(1, char::len_utf8))
        };
        kinds.resize(kinds.len() + length, kind);
    }
    kinds
}

fn block_comment_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// Returns the length of `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`, or `None` for anything else.
fn raw_string_length(rest: &str) -> Option<usize> {
    let start = ["r", "br", "cr"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))?;
    let inside = start.trim_start_matches('#');
    let hashes = "#".repeat(start.len() - inside.len());
    let inside = inside.strip_prefix('"')?;
    let before = rest.len() - inside.len();
    let end = format!("\"{hashes}");
    Some(
        inside
            .find(&end)
            .map_or(rest.len(), |at| before + at + end.len()),
    )
}

/// Tells `'a'` and `'\n'` from the lifetime `'a`.
fn is_char_literal(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// Returns `text` with every byte but those `wanted` (and the line ends) made blank.
fn keep(text: &str, kinds: &[Kind], wanted: impl Fn(Kind) -> bool) -> String {
    let kept = text
        .bytes()
        .zip(kinds)
        .map(|(byte, kind)| {
            if byte == b'\n' || wanted(*kind) {
                byte
            } else {
                b' '
            }
        })
        .collect();
    String::from_utf8(kept).unwrap_or_else(|error| panic!("a view cut a character: {error}"))
}

/// Returns for each byte whether it belongs to an item under `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn test_parts(code: &str) -> Vec<bool> {
    let mut parts = vec![false; code.len()];
    for mark in ["#[cfg(test)]", "#[cfg(all(test,", "#[test]"] {
        for (start, _) in code.match_indices(mark) {
            let end = start + item_length(&code[start..]);
            parts[start..end].fill(true);
        }
    }
    parts
}

/// Returns the length of the item at the start of `code`: to the brace that closes it, or its semicolon.
fn item_length(code: &str) -> usize {
    let (mut braces, mut brackets) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        let ends = (c == '}' && braces == 0) || (c == ';' && braces == 0 && brackets == 0);
        if ends {
            return at + 1;
        }
    }
    code.len()
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn tokens_of(code: &str, is_test: &[bool]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = code[at..].chars().next() {
        let length = if is_word_part(first) {
            code[at..]
                .find(|c| !is_word_part(c))
                .unwrap_or(code.len() - at)
        } else if code[at..].starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if first == '\n' {
            line += 1;
        }
        if !first.is_whitespace() {
            tokens.push(Token {
                text: code[at..at + length].to_owned(),
                line,
                in_test: is_test[at],
            });
        }
        at += length;
    }
    tokens
}

pub(super) fn macro_lines(tokens: &[Token], names: &[&str]) -> Vec<usize> {
    let is_call = |pair: &&[Token]| pair[1].text == "!" && names.contains(&pair[0].text.as_str());
    tokens
        .windows(2)
        .filter(is_call)
        .map(|pair| pair[0].line)
        .collect()
}

pub(super) fn lines_where(view: &str, is_it: impl Fn(&str) -> bool) -> Vec<usize> {
    view.lines()
        .enumerate()
        .filter(|(_, line)| is_it(line))
        .map(|(line_idx, _)| line_idx + 1)
        .collect()
}

/// Words before which a path may stand, so that they are no part of it: `&mut ::egui::Ui`.
const KEYWORDS: [&str; 16] = [
    "as", "const", "dyn", "else", "for", "if", "impl", "in", "match", "mod", "move", "mut", "ref",
    "return", "where", "while",
];

/// Returns the paths in `tokens`, and the names that mean something of the project itself.
fn names_of(tokens: &[Token]) -> (Vec<Name>, Vec<String>) {
    let (mut names, mut own_names) = (Vec::new(), Vec::new());
    let word = |at: usize| tokens.get(at).map_or("", |token: &Token| &token.text);
    let mut at = 0;
    while at < tokens.len() {
        // `use<'a>` in a return type is no import.
        if word(at) == "use" && word(at + 1) != "<" {
            at += 1;
            let mut tree = UseTree {
                tokens,
                at,
                names: &mut names,
                own_names: &mut own_names,
            };
            tree.spread(&[]);
            at = tree.at;
        } else if word(at).starts_with(is_word_part) && !KEYWORDS.contains(&word(at)) {
            let start = at;
            let mut parts = vec![word(at).to_owned()];
            // The rest of `<T as Trait>::name` has no root of its own.
            if at >= 3 && word(at - 1) == "::" && word(at - 2) == ">" && word(at - 3) != "-" {
                parts.insert(0, String::new());
            }
            while word(at + 1) == "::" && word(at + 2).starts_with(is_word_part) {
                parts.push(word(at + 2).to_owned());
                at += 2;
            }
            names.push(Name {
                parts,
                line: tokens[start].line,
                in_use: false,
                in_test: tokens[start].in_test,
            });
            at += 1;
        } else {
            if word(at) == "mod" {
                own_names.push(word(at + 1).to_owned());
            }
            at += 1;
        }
    }
    (names, own_names)
}

struct UseTree<'a> {
    tokens: &'a [Token],
    at: usize,
    names: &'a mut Vec<Name>,
    own_names: &'a mut Vec<String>,
}

impl UseTree<'_> {
    /// Reads one tree, and stops at the `,`, `}` or `;` behind it.
    fn spread(&mut self, prefix: &[String]) {
        let mut parts = prefix.to_vec();
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                "::" => {}
                "{" => {
                    self.at += 1;
                    while let Some(token) = self.tokens.get(self.at) {
                        match token.text.as_str() {
                            // A semicolon here is no import but a macro's pattern.
                            "}" | ";" => break,
                            "," => self.at += 1,
                            _ => self.spread(&parts),
                        }
                    }
                    self.at += 1;
                    return;
                }
                "," | "}" | ";" => return,
                "as" => {
                    self.at += 1;
                    let alias = self.tokens.get(self.at).map(|token| token.text.clone());
                    self.end(parts, alias);
                    self.at += 1;
                    return;
                }
                part => parts.push(part.to_owned()),
            }
            let next = self
                .tokens
                .get(self.at + 1)
                .map_or(";", |token| &token.text);
            if [",", "}", ";"].contains(&next) {
                self.end(parts, None);
                self.at += 1;
                return;
            }
            self.at += 1;
        }
    }

    fn end(&mut self, mut parts: Vec<String>, alias: Option<String>) {
        let Some(token) = self.tokens.get(self.at) else {
            return;
        };
        if parts.len() > 1 && parts.last().is_some_and(|part| part == "self") {
            parts.pop();
        }
        let is_own = parts
            .first()
            .is_some_and(|first| ["crate", "super", "self"].contains(&first.as_str()));
        if is_own {
            self.own_names.extend(alias.or(parts.last().cloned()));
        }
        self.names.push(Name {
            parts,
            line: token.line,
            in_use: true,
            in_test: token.in_test,
        });
    }
}

//! `render`: the marked article as one tall picture, painted by the window's own reading pane on the processor.
//!
//! The legend below the article is a second, short article whose lines are the tags'
//! names, decorated with the tags themselves, so it cannot look otherwise than the marks above it.

mod page;
mod palette;

use super::{CliError, Env, Exit, Output, args::RenderArgs, opened::Opened, output};
use crate::{
    annotation::{AnnotationSet, Marks, TagId},
    reader::{
        Decorations, Face, PageColours, PageStyle, Reader, ReaderInput, STRIP_WIDTH, TextEngine,
    },
    softpaint::{Headless, encode_png},
    text::{SourceText, TextRange, hidden::Reveal},
};
use egui::{Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use page::{Excerpt, Legend, PageMarks};
use palette::Palette;
use std::{collections::BTreeMap, path::PathBuf};

/// Highest picture in physical pixels: about 25 printed pages, and 100 to 400 MB while it is painted.
const MAX_HEIGHT_PX: i64 = 30_000;
/// Size of the article's letters in points, as in the window.
const TEXT_SIZE: f32 = 18.0;
/// Size of the legend's letters in points.
const LEGEND_SIZE: f32 = 13.0;
/// Left and right of the line above the legend, in points.
const RULE_INSET: f32 = 28.0;

/// Writes the picture and prints its name.
///
/// # Errors
/// When a file cannot be read or written, or the picture would be too high.
pub fn run(args: &RenderArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let opened = Opened::open(&env.disk, &args.article, args.encoding.forced.as_deref())?;
    opened.remark(output);
    let (set, marks) = (opened.workspace.set(), opened.workspace.marks());
    let palette = Palette::read(args.theme)?;
    let excerpt = Excerpt::new(opened.text(), args.from, args.to)?;
    let counts = Counts::new(set, marks, excerpt.source_range);
    let file_name = opened.article.path.file_name().unwrap_or_default();
    let name = output::one_line(&file_name.to_string_lossy(), 100);
    let legend = Legend::new(set, &palette, &counts, &name)?;
    let style = PageStyle {
        size: TEXT_SIZE,
        leading: 1.62,
        measure_chars: 68.0,
        face: Face::Serif,
        numbering: excerpt.numbering(),
        margin_labels: true,
        reveal: Reveal::Deceptive,
        colours: palette.page_colours(),
    };
    let mut engine = TextEngine::new(!args.no_system_fonts);
    let foot_style = foot_style(&style, &mut engine, args.scale);
    let article = Sheet {
        reader: patient(&excerpt.text),
        marks: &PageMarks::new(set, marks, &palette, &excerpt),
        style,
    };
    let foot = Sheet {
        reader: patient(&legend.text),
        marks: &legend,
        style: foot_style,
    };
    let mut picture = Picture {
        headless: Headless::default(),
        engine,
        width: f32::from(args.width),
        scale: args.scale,
        rule: Stroke::new(1.0, palette.rule()),
    };
    let drawn = picture.draw(article, foot)?;
    let sources = [&opened.article.path, &opened.annotations_path].map(PathBuf::clone);
    env.disk.save_picture(&args.output, &drawn, &sources)?;
    output.line(format_args!("{}", output::path(&args.output)))?;
    Ok(Exit::Done)
}

/// Returns small sans letters in a column just below the article's.
fn foot_style(article: &PageStyle, engine: &mut TextEngine, scale: f32) -> PageStyle {
    let mut advance = |size: f32, face| engine.average_advance((size * scale).round(), face);
    let share = advance(article.size, article.face) / advance(LEGEND_SIZE, Face::Sans);
    PageStyle {
        size: LEGEND_SIZE,
        leading: 1.7,
        measure_chars: article.measure_chars * share,
        face: Face::Sans,
        colours: PageColours {
            // Numbers would mean nothing here, but their margin is wanted: they are not to be seen.
            faint: article.colours.page,
            ..article.colours
        },
        ..article.clone()
    }
}

/// What the legend counts.
struct Counts {
    n_annotations: usize,
    /// `None` counts the annotations without any tag.
    of_tag: BTreeMap<Option<TagId>, usize>,
}

impl Counts {
    /// Collects the annotations that are in `range`, at least in part.
    fn new(set: &AnnotationSet, marks: &Marks, range: TextRange) -> Self {
        let mut ids: Vec<_> = marks.index().touching(range).map(|mark| mark.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut of_tag: BTreeMap<Option<TagId>, usize> = BTreeMap::new();
        for annotation in ids.iter().filter_map(|id| set.annotations.get(id)) {
            for tag in &annotation.tags {
                *of_tag.entry(Some(tag.clone())).or_default() += 1;
            }
            if annotation.tags.is_empty() {
                *of_tag.entry(None).or_default() += 1;
            }
        }
        Self {
            n_annotations: ids.len(),
            of_tag,
        }
    }
}

/// Returns a pane that lays its text out at once: there is no next frame in a picture.
fn patient(text: &SourceText) -> Reader {
    let mut reader = Reader::new(text.clone());
    reader.be_patient();
    reader
}

/// One text with its marks and its style.
struct Sheet<'a> {
    reader: Reader,
    marks: &'a dyn Decorations,
    style: PageStyle,
}

impl Sheet<'_> {
    /// Shows the sheet in `rect`; the pane's scroll bar and map are pushed over the right edge.
    fn show(&mut self, ui: &mut Ui, engine: &mut TextEngine, name: &str, rect: Rect) {
        let wider = Rect::from_min_max(rect.min, rect.max + vec2(STRIP_WIDTH, 0.0));
        let input = ReaderInput {
            style: &self.style,
            decorations: self.marks,
            chosen: None,
            editable: false,
            map: &[],
            marker: false,
            name,
        };
        ui.scope_builder(UiBuilder::new().id_salt(name).max_rect(wider), |ui| {
            self.reader.show(ui, engine, &input);
        });
    }
}

struct Picture {
    headless: Headless,
    engine: TextEngine,
    width: f32,
    scale: f32,
    rule: Stroke,
}

impl Picture {
    /// Returns the article above its foot, as a PNG file.
    fn draw(&mut self, mut article: Sheet<'_>, mut foot: Sheet<'_>) -> Result<Vec<u8>, CliError> {
        // Nobody knows how high a text is before it is laid out: once with all the room there may be (which
        // paints nothing yet), then with what it takes.
        let room = MAX_HEIGHT_PX as f32 / self.scale;
        self.frame(&mut article, &mut foot, [room, room]);
        let heights = [article.reader.total_height(), foot.reader.total_height()];
        let height_px: i64 = heights.iter().sum();
        if height_px > MAX_HEIGHT_PX {
            return Err(CliError::TooHigh {
                height_px,
                limit_px: MAX_HEIGHT_PX,
            });
        }
        let heights = heights.map(|height| height as f32 / self.scale);
        self.frame(&mut article, &mut foot, heights);
        let picture = self.headless.picture(article.style.colours.page);
        encode_png(&picture).map_err(|error| CliError::Picture(Box::new(error)))
    }

    fn frame(&mut self, article: &mut Sheet<'_>, foot: &mut Sheet<'_>, [top, bottom]: [f32; 2]) {
        let (width, engine, rule) = (self.width, &mut self.engine, self.rule);
        let size = vec2(width, top + bottom);
        self.headless.frame(size, self.scale, Vec::new(), |ui| {
            let article_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(width, top));
            article.show(ui, engine, "article", article_rect);
            let foot_rect = Rect::from_min_max(pos2(0.0, top), size.to_pos2());
            foot.show(ui, engine, "legend", foot_rect);
            ui.painter()
                .hline(RULE_INSET..=width - RULE_INSET, top, rule);
        });
    }
}

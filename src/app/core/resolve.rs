//! From an action of the core to the command with its payload, or to "not now".

use crate::{
    app::{
        base::{
            action::{ActionId, ActionView},
            short,
        },
        core::{
            command::{AppCommand, End, PickPurpose, Side, Step},
            table::UiCommand,
        },
        session::{facts::Environment, preferences::ThemeChoice},
    },
    reader::{Face, Numbering},
    text::hidden::Reveal,
};
use std::borrow::Cow;

/// Returns the actions of the core as they are now.
pub fn actions(environment: &Environment) -> impl Iterator<Item = ActionView> {
    let all = (0_u8..).zip(UiCommand::ALL);
    all.map(|(idx, command)| ActionView {
        id: ActionId { owner: 0, idx },
        row: command.row(),
        label: command.label(environment),
        is_enabled: command.resolve(environment).is_some(),
        is_on: command.is_on(environment),
    })
}

/// Returns what an action of the core does now.
pub fn resolve(idx: u8, environment: &Environment) -> Option<AppCommand> {
    UiCommand::ALL.get(usize::from(idx))?.resolve(environment)
}

impl UiCommand {
    /// What to carry out, or `None` when it makes no sense now.
    pub fn resolve(self, environment: &Environment) -> Option<AppCommand> {
        let article = environment.article.as_ref();
        let editable = environment.editable();
        let marked = article.filter(|article| article.n_annotations > 0);
        let hidden = article.filter(|article| article.has_hidden);
        let chosen = editable.and_then(|article| article.chosen);
        let movable =
            editable.filter(|article| article.chosen.is_some() && article.chosen_is_placed);
        match self {
            Self::Open => Some(AppCommand::PickFiles(PickPurpose::Open)),
            Self::Save => editable.map(|article| AppCommand::Save(article.key)),
            Self::SaveAs => article
                .filter(|article| !article.is_loading)
                .map(|article| AppCommand::PickFiles(PickPurpose::SaveAs(article.key))),
            Self::SaveAll => (environment.n_unsaved > 0).then_some(AppCommand::SaveAll),
            Self::AdoptText => editable
                .filter(|article| article.has_changed_text)
                .map(|_| AppCommand::AdoptText),
            Self::TryLock => article
                .filter(|article| article.has_holder)
                .map(|article| AppCommand::TryLock(article.key)),
            Self::LookForChanges => article.map(|_| AppCommand::LookAtAll),
            Self::CloseArticle => article.map(|article| AppCommand::Close(article.key)),
            Self::Quit => Some(AppCommand::Quit),

            Self::Undo => editable
                .filter(|article| article.undo.is_some())
                .map(|_| AppCommand::Undo),
            Self::Redo => editable
                .filter(|article| article.redo.is_some())
                .map(|_| AppCommand::Redo),
            Self::Copy => article
                .filter(|article| article.has_selection)
                .map(|_| AppCommand::Copy),
            Self::CopyExactly => article
                .filter(|article| article.has_selection)
                .map(|_| AppCommand::CopyExactly),
            Self::SelectAll => article.map(|_| AppCommand::SelectAll),
            Self::GrowSelection => article.map(|_| AppCommand::GrowSelection),
            Self::ShrinkSelection => article
                .filter(|article| article.has_selection)
                .map(|_| AppCommand::ShrinkSelection),

            Self::Highlight => editable
                .filter(|article| article.has_selection)
                .map(|_| AppCommand::Highlight),
            Self::Marker => editable.map(|_| AppCommand::ToggleMarker),
            Self::EditNote => editable
                .filter(|article| article.chosen.is_some() || article.has_selection)
                .map(|_| AppCommand::FocusNote),
            Self::SetSpeaker => editable
                .filter(|article| article.chosen.is_some() || article.has_selection)
                .map(|_| AppCommand::FocusSpeaker),
            Self::AddPart => editable
                .filter(|article| article.chosen.is_some() && article.has_selection)
                .map(|_| AppCommand::AddPart),
            Self::RemovePart => editable
                .filter(|article| article.n_chosen_parts > 1)
                .map(|_| AppCommand::RemovePart),
            Self::Remove => chosen.map(AppCommand::Remove),
            Self::EndForward => movable.map(|_| AppCommand::MoveEnd(End::End, Step::Forward)),
            Self::EndBack => movable.map(|_| AppCommand::MoveEnd(End::End, Step::Back)),
            Self::StartForward => movable.map(|_| AppCommand::MoveEnd(End::Start, Step::Forward)),
            Self::StartBack => movable.map(|_| AppCommand::MoveEnd(End::Start, Step::Back)),
            Self::CompanionTags => editable
                .filter(|article| !article.has_companion_tags)
                .map(|_| AppCommand::AddCompanionTags),

            Self::LeftPanel => Some(AppCommand::TogglePanel(Side::Left)),
            Self::RightPanel => Some(AppCommand::TogglePanel(Side::Right)),
            Self::ThemeSystem => Some(AppCommand::Theme(ThemeChoice::System)),
            Self::ThemeLight => Some(AppCommand::Theme(ThemeChoice::Light)),
            Self::ThemeSepia => Some(AppCommand::Theme(ThemeChoice::Sepia)),
            Self::ThemeDark => Some(AppCommand::Theme(ThemeChoice::Dark)),
            Self::TextLarger => Some(AppCommand::TextSize(1)),
            Self::TextSmaller => Some(AppCommand::TextSize(-1)),
            Self::TextReset => Some(AppCommand::TextSize(0)),
            Self::MeasureWider => Some(AppCommand::Measure(1)),
            Self::MeasureNarrower => Some(AppCommand::Measure(-1)),
            Self::FaceSerif => Some(AppCommand::Face(Face::Serif)),
            Self::FaceSans => Some(AppCommand::Face(Face::Sans)),
            Self::NumberNothing => Some(AppCommand::Numbering(Numbering::None)),
            Self::NumberParagraphs => Some(AppCommand::Numbering(Numbering::Paragraphs)),
            Self::NumberLines => Some(AppCommand::Numbering(Numbering::Lines)),
            Self::RevealDeceptive => Some(AppCommand::Reveal(match environment.reveal {
                Reveal::Nothing => Reveal::Deceptive,
                Reveal::Deceptive | Reveal::All => Reveal::Nothing,
            })),
            Self::RevealAll => Some(AppCommand::Reveal(match environment.reveal {
                Reveal::Nothing | Reveal::Deceptive => Reveal::All,
                Reveal::All => Reveal::Deceptive,
            })),

            Self::NextAnnotation => marked.map(|_| AppCommand::CycleAnnotation(Step::Forward)),
            Self::PreviousAnnotation => marked.map(|_| AppCommand::CycleAnnotation(Step::Back)),
            Self::NextHidden => hidden.map(|_| AppCommand::CycleHidden(Step::Forward)),
            Self::PreviousHidden => hidden.map(|_| AppCommand::CycleHidden(Step::Back)),
            Self::Back => article
                .filter(|article| article.can_go_back)
                .map(|_| AppCommand::Back),
            Self::CycleOverlapping => marked.map(|_| AppCommand::CycleOverlapping),
            Self::NextArticle => {
                (environment.n_articles > 1).then_some(AppCommand::CycleArticle(Step::Forward))
            }
            Self::PreviousArticle => {
                (environment.n_articles > 1).then_some(AppCommand::CycleArticle(Step::Back))
            }
            Self::OtherPane => article.map(|_| AppCommand::OtherPane),
            Self::Cancel => Some(AppCommand::Cancel),
        }
    }

    /// Whether it is switched on now; `None` for commands that are no switch.
    pub fn is_on(self, environment: &Environment) -> Option<bool> {
        match self {
            Self::Marker => Some(environment.marker),
            Self::LeftPanel => Some(environment.left_panel),
            Self::RightPanel => Some(environment.right_panel),
            Self::ThemeSystem => Some(environment.theme == ThemeChoice::System),
            Self::ThemeLight => Some(environment.theme == ThemeChoice::Light),
            Self::ThemeSepia => Some(environment.theme == ThemeChoice::Sepia),
            Self::ThemeDark => Some(environment.theme == ThemeChoice::Dark),
            Self::FaceSerif => Some(environment.face == Face::Serif),
            Self::FaceSans => Some(environment.face == Face::Sans),
            Self::NumberNothing => Some(environment.numbering == Numbering::None),
            Self::NumberParagraphs => Some(environment.numbering == Numbering::Paragraphs),
            Self::NumberLines => Some(environment.numbering == Numbering::Lines),
            Self::RevealDeceptive => Some(environment.reveal >= Reveal::Deceptive),
            Self::RevealAll => Some(environment.reveal == Reveal::All),
            _ => None,
        }
    }

    /// Returns what it is called now: "Undo: tag as denial".
    pub fn label(self, environment: &Environment) -> Cow<'static, str> {
        let article = environment.article.as_ref();
        let step = match self {
            Self::Undo => article.and_then(|article| article.undo.as_deref()),
            Self::Redo => article.and_then(|article| article.redo.as_deref()),
            _ => None,
        };
        let text = self.row().text;
        step.map_or(Cow::Borrowed(text), |step| {
            Cow::Owned(format!("{text}: {}", short::name(step)))
        })
    }
}

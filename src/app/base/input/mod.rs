//! The order of events: each acts on what the one before has left.
//!
//! A window that was busy finds all that happened meanwhile in one frame, and egui would show it to the program at
//! once. [`InputOrder`] stands before egui, in the real window and in tests alike, and hands the events out pass by
//! pass. Passes with more to come are not painted. An event that comes alone is handed on as it is.

mod queue;

use egui::{
    Context, DroppedFileHandle, FullOutput, Id, LayerId, OutputCommand, Plugin, Popup, RawInput,
    Rect, ViewportCommand, ViewportEvent,
};
use queue::{Arrival, Queue, Weight};
use std::{num::NonZeroUsize, time::Duration};

/// Most passes in one frame: with 5 ms for each, the window shows at least every 60 ms where it is.
const MAX_PASSES: NonZeroUsize = match NonZeroUsize::new(12) {
    Some(n_passes) => n_passes,
    None => NonZeroUsize::MIN,
};
/// Most passes an event is given to show what it does; a few are enough for everything but animations.
const MAX_SETTLING: u32 = 8;
/// How long keys that were pressed before a job began wait for it, in seconds. On a drive that does not answer,
/// the window must go on.
const JOB_PATIENCE: f64 = 2.0;
/// How often a window with such keys looks whether the job is done.
const JOB_POLL: Duration = Duration::from_millis(10);

/// What the program did in a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Number of commands run since the program started.
    pub n_commands: u64,
    /// Whether a job is under way whose outcome keys may be meant for.
    pub awaits_job: bool,
    /// Whether the program is ending: nothing is asked and nothing more is done.
    pub is_ending: bool,
}

/// Hands events out in order, one that may change anything to a pass.
#[derive(Default)]
pub struct InputOrder {
    queue: Queue,
    /// The frame that is under way, and when it began.
    frame: Option<Arrival>,
    /// What is in front of the person, as it was when the pass before began.
    seen: Seen,
    report: Report,
    /// Whether the previous pass ran a command, or an awaited job ended in it.
    did_something: bool,
    /// How the last event comes along; `None` when all it does is done.
    settling: Option<Settling>,
    awaits_job_since: Option<Arrival>,
    is_held: bool,
    /// Files that were dropped, and the window's own button, come after the keys that came with them.
    dropped_files: Vec<DroppedFileHandle>,
    is_to_close: bool,
}

/// The last event that may have changed something.
#[derive(Clone, Copy, Debug)]
struct Settling {
    weight: Weight,
    n_passes: u32,
    /// Passes in a row that changed nothing.
    n_still: u32,
}

/// What events may go to: what has the keyboard, and what lies over what.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    focused: Option<Id>,
    has_popup: bool,
    modal: Option<LayerId>,
    layers: Vec<LayerId>,
    rects: Vec<Option<Rect>>,
}

impl Seen {
    fn of(ctx: &Context) -> Self {
        ctx.memory(|memory| {
            let mut layers: Vec<LayerId> = memory.areas().visible_layer_ids().into_iter().collect();
            layers.sort_by_key(|layer| (layer.order, layer.id.value()));
            Self {
                focused: memory.focused(),
                has_popup: false,
                modal: memory.top_modal_layer(),
                rects: layers
                    .iter()
                    .map(|layer| memory.area_rect(layer.id))
                    .collect(),
                layers,
            }
        })
        .with_popup(Popup::is_any_open(ctx))
    }

    fn with_popup(mut self, has_popup: bool) -> Self {
        self.has_popup = has_popup;
        self
    }

    /// Whether the same things are there as in `other`; `exactly`: and in the same places.
    fn is_like(&self, other: &Self, exactly: bool) -> bool {
        let same_things = self.focused == other.focused
            && self.has_popup == other.has_popup
            && self.modal == other.modal
            && self.layers == other.layers;
        same_things && (!exactly || self.rects == other.rects)
    }
}

/// Puts the order before egui, from the next pass on.
pub fn install(ctx: &Context) {
    ctx.options_mut(|options| options.max_passes = MAX_PASSES);
    ctx.add_plugin(InputOrder::default());
}

/// Ends a pass: asks for the next one when more is waiting.
pub fn end_pass(ctx: &Context, report: Report) {
    let next = ctx.with_plugin(|order: &mut InputOrder| order.end_pass(report));
    match next.unwrap_or(Next::Rest) {
        Next::Rest => {}
        Next::Later => ctx.request_repaint_after(JOB_POLL),
        Next::AtOnce => {
            ctx.request_discard("more input waits");
            if !ctx.will_discard() {
                ctx.request_repaint();
            }
        }
    }
}

/// What is to follow a pass.
enum Next {
    /// Nothing, for all this knows.
    Rest,
    /// A look whether the job is done.
    Later,
    /// More input.
    AtOnce,
}

impl InputOrder {
    fn end_pass(&mut self, report: Report) -> Next {
        self.did_something |= report.n_commands != self.report.n_commands;
        self.did_something |= self.report.awaits_job && !report.awaits_job;
        self.report = report;
        self.awaits_job_since = report
            .awaits_job
            .then(|| self.awaits_job_since.or(self.frame))
            .flatten();
        if !self.has_more() {
            Next::Rest
        } else if self.is_held {
            Next::Later
        } else {
            Next::AtOnce
        }
    }

    fn has_more(&self) -> bool {
        !self.queue.is_empty() || !self.dropped_files.is_empty() || self.is_to_close
    }

    /// Whether all that the last event does is done: as far as can be seen, or because it takes too long.
    fn is_settled(&mut self, seen: &Seen) -> bool {
        let aims = self.queue.aims();
        let Some(settling) = &mut self.settling else {
            return true;
        };
        let is_first = settling.n_passes == 0;
        let is_light = settling.weight == Weight::Light;
        settling.n_passes += 1;
        let is_still =
            seen.is_like(&self.seen, aims) && !self.did_something && (is_light || !is_first);
        settling.n_still = if is_still { settling.n_still + 1 } else { 0 };
        // What a button hits are the places of the pass before. Where nothing has the keyboard, the article takes it,
        // one pass after the one in which it was lost.
        let waits = aims || seen.focused.is_none();
        let n_needed = if waits && !is_light { 2 } else { 1 };
        let is_settled = settling.n_still >= n_needed || settling.n_passes >= MAX_SETTLING;
        if is_settled {
            self.settling = None;
        }
        is_settled
    }

    /// Whether what is next was on its way before anybody could see that a job had begun.
    fn is_for_a_job(&self, now: f64) -> bool {
        let (Some(since), Some(next)) = (self.awaits_job_since, self.queue.first_arrival()) else {
            return false;
        };
        next.frame <= since.frame && now - since.seconds < JOB_PATIENCE
    }

    /// Lets dropped files and the wish to close wait for what came with them. Once the program ends, the wish is its
    /// own, and to wait would be to take it back.
    fn keep_order_of_others(&mut self, ctx: &Context, input: &mut RawInput) {
        self.dropped_files.append(&mut input.dropped_files);
        let is_at_rest = self.queue.is_empty() && self.settling.is_none();
        if is_at_rest {
            input.dropped_files.append(&mut self.dropped_files);
        }
        let Some(window) = input.viewports.get_mut(&input.viewport_id) else {
            return;
        };
        let asks_now = window.close_requested();
        if is_at_rest {
            if std::mem::take(&mut self.is_to_close) && !asks_now {
                window.events.push(ViewportEvent::Close);
            }
        } else if asks_now && !self.report.is_ending {
            window.events.retain(|event| *event != ViewportEvent::Close);
            self.is_to_close = true;
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }
}

impl Plugin for InputOrder {
    fn debug_name(&self) -> &'static str {
        "order of input"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let last = ctx.input(|input| input.time);
        let n_frames = ctx.cumulative_frame_nr();
        let frame = match self.frame {
            Some(frame) if frame.frame == n_frames => frame,
            _ => Arrival {
                seconds: input.time.unwrap_or(last + f64::from(input.predicted_dt)),
                frame: n_frames,
            },
        };
        self.frame = Some(frame);
        for event in input.events.drain(..) {
            self.queue.push(event, frame);
        }
        let seen = Seen::of(ctx);
        let is_settled = self.is_settled(&seen);
        self.seen = seen;
        self.did_something = false;
        self.is_held = self.is_for_a_job(frame.seconds);
        let batch = if is_settled && !self.is_held {
            self.queue.take(ctx.text_edit_focused())
        } else {
            self.queue.take_quiet()
        };
        if batch.weight != Weight::Nothing {
            self.settling = Some(Settling {
                weight: batch.weight,
                n_passes: 0,
                n_still: 0,
            });
        }
        input.events = batch.events;
        if !self.queue.is_empty() {
            let speed = ctx.options(|options| options.input_options.line_scroll_speed);
            queue::scroll_at_once(&mut input.events, speed);
        }
        self.keep_order_of_others(ctx, input);
        // Clicks are counted by the time at which they came, however long the queue has taken.
        let arrival = batch
            .arrival
            .or(self.queue.first_arrival())
            .unwrap_or(frame);
        input.time = Some(arrival.seconds.max(last));
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        for command in &output.platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                self.queue.copied(text);
            }
        }
    }
}

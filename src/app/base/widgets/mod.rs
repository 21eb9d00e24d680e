//! Small things that several panels draw in the same way.

mod checkbox;
mod chip;
mod empty;
mod field;
mod icon;
mod strip;
mod time;
mod warning;
mod words;

pub use checkbox::checkbox;
pub use chip::{
    TagRow, key_cap, paint_key as paint_key_at, pattern_line, swatch, tag_chip, tag_label,
};
pub use empty::empty_state;
pub use field::{MAX_TEXT_CHARS, MAX_WORDS_CHARS, TextField, forget_fields_out_of_sight, take_cut};
pub use icon::{Icon, icon_button, icon_toggle, paint as paint_icon};
pub use strip::strip;
pub use time::{bytes, local_date, local_time};
pub use warning::warning;
pub use words::line as words_line;

pub use crate::text::thousands as count;

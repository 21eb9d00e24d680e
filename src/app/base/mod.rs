//! What every part of the window uses. It knows no article and no tool.

pub mod action;
pub mod display;
pub mod fonts;
pub mod form;
pub mod input;
pub mod jobs;
pub mod paths;
pub mod quotes;
pub mod sender;
pub mod short;
pub mod theme;
pub mod widgets;

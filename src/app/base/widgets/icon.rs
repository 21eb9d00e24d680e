//! Icons, painted with a few strokes so that they are sharp at any size and take the colours of the theme.

use egui::{
    Color32, Painter, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    accesskit::Role, pos2,
};

/// What is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A cross.
    Close,
    /// An arrow bent to the left.
    Undo,
    /// An arrow bent to the right.
    Redo,
    /// An open eye.
    Eye,
    /// A crossed-out eye.
    EyeOff,
    /// A marker pen.
    Marker,
    /// A sheet with lines.
    Note,
    /// A speech bubble.
    Comment,
    /// A plus sign.
    Plus,
    /// A magnifying glass.
    Search,
    /// A prompt, as of a command line.
    Command,
    /// An arrowhead that points up.
    Up,
    /// An arrowhead that points down.
    Down,
    /// A window with its left part filled.
    PanelLeft,
    /// A window with its right part filled.
    PanelRight,
    /// An arrow that goes elsewhere.
    Moved,
    /// A triangle with an exclamation mark.
    Warning,
    /// A bin.
    Remove,
}

/// Side of the square an icon is drawn in.
const SIDE: f32 = 16.0;

/// Paints `icon` into `rect`.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32) {
    let square =
        Rect::from_center_size(rect.center(), Vec2::splat(rect.height().min(rect.width())));
    let unit = square.width() / SIDE;
    let at = |x: f32, y: f32| -> Pos2 { pos2(square.left() + x * unit, square.top() + y * unit) };
    let stroke = Stroke::new(1.5 * unit.max(0.75), colour);
    let line = |points: &[(f32, f32)]| {
        painter.line(points.iter().map(|(x, y)| at(*x, *y)).collect(), stroke);
    };
    let circle = |x: f32, y: f32, radius: f32| {
        painter.circle_stroke(at(x, y), radius * unit, stroke);
    };
    let frame = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let outline = Rect::from_min_max(at(x0, y0), at(x1, y1));
        painter.rect_stroke(outline, 2.0 * unit, stroke, StrokeKind::Middle);
    };
    match icon {
        Icon::Close => {
            line(&[(4.5, 4.5), (11.5, 11.5)]);
            line(&[(11.5, 4.5), (4.5, 11.5)]);
        }
        Icon::Undo => {
            line(&[(6.5, 3.0), (3.0, 6.5), (6.5, 10.0)]);
            line(&[
                (3.0, 6.5),
                (9.5, 6.5),
                (11.9, 7.4),
                (13.0, 9.7),
                (11.9, 12.0),
                (9.5, 13.0),
                (7.0, 13.0),
            ]);
        }
        Icon::Redo => {
            line(&[(9.5, 3.0), (13.0, 6.5), (9.5, 10.0)]);
            line(&[
                (13.0, 6.5),
                (6.5, 6.5),
                (4.1, 7.4),
                (3.0, 9.7),
                (4.1, 12.0),
                (6.5, 13.0),
                (9.0, 13.0),
            ]);
        }
        Icon::Eye | Icon::EyeOff => {
            line(&[
                (1.5, 8.0),
                (3.6, 5.4),
                (6.2, 3.9),
                (8.0, 3.6),
                (9.8, 3.9),
                (12.4, 5.4),
                (14.5, 8.0),
            ]);
            line(&[
                (1.5, 8.0),
                (3.6, 10.6),
                (6.2, 12.1),
                (8.0, 12.4),
                (9.8, 12.1),
                (12.4, 10.6),
                (14.5, 8.0),
            ]);
            circle(8.0, 8.0, 2.0);
            if icon == Icon::EyeOff {
                line(&[(2.5, 13.5), (13.5, 2.5)]);
            }
        }
        Icon::Marker => {
            line(&[
                (10.5, 2.5),
                (13.5, 5.5),
                (7.5, 11.5),
                (4.5, 8.5),
                (10.5, 2.5),
            ]);
            line(&[(4.5, 8.5), (3.5, 12.5), (7.5, 11.5)]);
            line(&[(2.0, 14.5), (14.0, 14.5)]);
        }
        Icon::Note => {
            frame(2.5, 2.0, 13.5, 14.0);
            line(&[(5.2, 5.6), (10.8, 5.6)]);
            line(&[(5.2, 8.2), (10.8, 8.2)]);
            line(&[(5.2, 10.8), (8.4, 10.8)]);
        }
        Icon::Comment => line(&[
            (2.5, 3.0),
            (13.5, 3.0),
            (13.5, 11.0),
            (7.5, 11.0),
            (4.5, 13.8),
            (4.5, 11.0),
            (2.5, 11.0),
            (2.5, 3.0),
        ]),
        Icon::Plus => {
            line(&[(8.0, 3.5), (8.0, 12.5)]);
            line(&[(3.5, 8.0), (12.5, 8.0)]);
        }
        Icon::Search => {
            circle(7.0, 7.0, 4.2);
            line(&[(10.2, 10.2), (13.5, 13.5)]);
        }
        Icon::Command => {
            frame(1.5, 2.5, 14.5, 13.5);
            line(&[(4.5, 5.8), (7.0, 8.0), (4.5, 10.2)]);
            line(&[(8.4, 10.4), (11.6, 10.4)]);
        }
        Icon::Up => line(&[(3.5, 10.2), (8.0, 5.8), (12.5, 10.2)]),
        Icon::Down => line(&[(3.5, 5.8), (8.0, 10.2), (12.5, 5.8)]),
        Icon::PanelLeft | Icon::PanelRight => {
            frame(2.0, 3.0, 14.0, 13.0);
            let x = if icon == Icon::PanelLeft { 6.0 } else { 10.0 };
            line(&[(x, 3.0), (x, 13.0)]);
        }
        Icon::Moved => {
            line(&[(2.5, 8.0), (13.0, 8.0)]);
            line(&[(9.5, 4.5), (13.0, 8.0), (9.5, 11.5)]);
        }
        Icon::Warning => {
            line(&[(8.0, 2.5), (14.5, 13.5), (1.5, 13.5), (8.0, 2.5)]);
            line(&[(8.0, 6.5), (8.0, 9.8)]);
            painter.circle_filled(at(8.0, 11.6), 0.9 * unit, colour);
        }
        Icon::Remove => {
            line(&[(2.5, 4.5), (13.5, 4.5)]);
            line(&[(6.0, 4.5), (6.0, 2.5), (10.0, 2.5), (10.0, 4.5)]);
            line(&[(4.0, 4.5), (4.6, 13.5), (11.4, 13.5), (12.0, 4.5)]);
        }
    }
}

/// A button that shows only an icon; `label` is its name for screen readers and its tooltip.
pub fn icon_button(ui: &mut Ui, icon: Icon, label: &str) -> Response {
    icon_toggle(ui, icon, label, false)
}

/// The same for something that is on or off.
pub fn icon_toggle(ui: &mut Ui, icon: Icon, label: &str, is_on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(24.0), Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| {
        if is_on {
            WidgetInfo::selected(Role::Button, is_enabled, true, label)
        } else {
            WidgetInfo::labeled(Role::Button, is_enabled, label)
        }
    });
    if ui.is_rect_visible(rect) {
        let visuals = ui.style().interact(&response);
        let selection = ui.visuals().selection;
        let is_active = response.hovered() || response.has_focus();
        if is_on {
            ui.painter().rect_filled(rect, 5.0, selection.bg_fill);
        } else if is_active {
            ui.painter().rect_filled(rect, 5.0, visuals.weak_bg_fill);
        }
        if response.has_focus() {
            ui.painter()
                .rect_stroke(rect, 5.0, selection.stroke, StrokeKind::Inside);
        }
        let mut colour = if is_on {
            selection.stroke.color
        } else {
            visuals.fg_stroke.color
        };
        if !is_enabled {
            colour = ui.visuals().disable(colour);
        }
        paint(ui.painter(), rect.shrink(4.0), icon, colour);
    }
    response.on_hover_text(label)
}

//! An execution's history as a tree of states for people.
//!
//! A pure function of the public history: [`Story`] folds the events, each as a [`Moment`], into
//! states within lines of control, and `draw` lays them out. Long Maps and long loops are folded to what somebody reads.

use crate::printer::Style;

pub(crate) use moment::Moment;
pub(crate) use story::Story;

mod draw;
mod moment;
mod story;

/// How a tree is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub style: Style,
    pub extent: Extent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Long Maps, loops and causes are cut; what failed stays.
    Folded,
    Whole,
}

/// The tree, with a line break after every line.
pub(crate) fn render<'h, E>(history: &'h [E], look: Look) -> String
where
    Moment: From<&'h E>,
{
    draw::draw(&Story::of(history), look)
}

#[cfg(test)]
mod tests;

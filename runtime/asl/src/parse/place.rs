//! Where a part of a definition stands, written out only when something is said about it.

use std::fmt;
use std::rc::Rc;

/// The place of an object: the outermost one, or a field or an element of another.
#[derive(Clone)]
pub(super) struct Place<'a>(Option<Rc<Node<'a>>>);

struct Node<'a> {
    parent: Place<'a>,
    name: &'a str,
    nth: Option<usize>,
}

/// The place of a field.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    place: &'a Place<'a>,
    name: &'a str,
}

/// The way to a part of a template, from the template's field.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    Field(&'a str),
    Member(&'a Self, &'a str),
    Element(&'a Self, usize),
}

/// The place of a part of a template.
pub(super) struct Within<'a> {
    pub template: At<'a>,
    pub way: &'a Way<'a>,
}

impl<'a> Place<'a> {
    pub(super) fn outermost() -> Self {
        Self(None)
    }

    pub(super) fn field(&self, name: &'a str) -> Self {
        Self(Some(Rc::new(Node { parent: self.clone(), name, nth: None })))
    }

    pub(super) fn element(&self, name: &'a str, nth: usize) -> Self {
        Self(Some(Rc::new(Node { parent: self.clone(), name, nth: Some(nth) })))
    }

    pub(super) fn at(&'a self, name: &'a str) -> At<'a> {
        At { place: self, name }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }

    /// The way from another place, which is around this one.
    pub(super) fn since(&self, outer: &Self) -> String {
        let mut names = Vec::new();
        let mut place = self;
        while let Some(node) = &place.0
            && !place.is(outer)
        {
            names.push(node.to_string());
            place = &node.parent;
        }
        names.reverse();
        names.join("/")
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.nth.map_or(Ok(()), |nth| write!(f, "[{nth}]"))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |node| write!(f, "{}/{node}", node.parent))
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.place, self.name)
    }
}

impl Way<'_> {
    /// The way without the name of the template's field: `order/total`.
    pub(super) fn inside(&self) -> String {
        let way = Within { template: At { place: &Place(None), name: "" }, way: self }.to_string();
        way.trim_start_matches('/').to_owned()
    }

    fn write_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(_) => Ok(()),
            Self::Member(outer, name) => {
                outer.write_inside(f)?;
                write!(f, "/{name}")
            }
            Self::Element(outer, nth) => {
                outer.write_inside(f)?;
                write!(f, "[{nth}]")
            }
        }
    }

    fn field(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::Member(outer, _) | Self::Element(outer, _) => outer.field(),
        }
    }
}

impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field())?;
        self.write_inside(f)
    }
}

impl fmt::Display for Within<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.template.fmt(f)?;
        self.way.write_inside(f)
    }
}

impl From<Place<'_>> for String {
    fn from(place: Place<'_>) -> Self {
        place.to_string()
    }
}

impl From<&Place<'_>> for String {
    fn from(place: &Place<'_>) -> Self {
        place.to_string()
    }
}

impl From<At<'_>> for String {
    fn from(at: At<'_>) -> Self {
        at.to_string()
    }
}

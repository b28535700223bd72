//! The page: one figure for each picture, with its colours below it.
//!
//! Names come from outside, so every text is escaped.

use crate::{Colour, Index, Picture};

const STYLE: &str = "body{font:16px sans-serif;margin:2rem;background:#faf9f7;color:#222}\
    main{display:flex;flex-wrap:wrap;gap:2rem}figure{margin:0}img{display:block}\
    .palette{display:flex;height:1.5rem}figcaption{margin-top:.5rem}";

pub(crate) fn page(index: &Index) -> String {
    let title = escaped(&index.title);
    let figures: String = index.pictures.iter().map(figure).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n<main>\n{figures}</main>\n</html>\n"
    )
}

fn figure(picture: &Picture) -> String {
    let Picture { picture: name, width, height, thumbnail, converted, colours } = picture;
    let palette: String = colours.iter().map(stripe).collect();
    format!(
        "<figure>\n<a href=\"{file}\"><img src=\"{small}\" width=\"{small_width}\" \
         height=\"{small_height}\" alt=\"{name}\"></a>\n<div class=\"palette\">{palette}</div>\n\
         <figcaption>{name}, {width} × {height}</figcaption>\n</figure>\n",
        file = escaped(&converted.file),
        small = escaped(&thumbnail.file),
        small_width = thumbnail.width,
        small_height = thumbnail.height,
        name = escaped(name),
    )
}

/// As wide as the colour's share of the picture.
fn stripe(colour: &Colour) -> String {
    let hex = escaped(&colour.hex);
    let percent = colour.percent;
    format!("<span title=\"{hex}\" style=\"background:{hex};flex:{percent}\"></span>")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

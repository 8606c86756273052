//! The pictures of the README and the guides, which `make docs` draws into `pictures/`.
//!
//! They are files of the repository, because the hosts of the README show an SVG that lies beside it. The registry takes nothing
//! but Markdown below `docs/`, renders no Mermaid, and knows no relative path to an image, so that the guides have the whole
//! address: [`markdown`].

mod rotation;
mod three_ways;
mod what_is_where;

use crate::pages::Pages;
use crate::recording;

/// Where the hosts serve the repository's files.
const SERVED: &str = "https://raw.githubusercontent.com/druva-community/terraform-provider-druva/main/";

/// The folder.
pub const FOLDER: &str = "pictures/";

/// The files, without the [`recording`], which takes a run of the demo.
#[must_use]
pub fn all() -> Pages {
    [
        ("pictures/rotation.svg", rotation::draw()),
        ("pictures/three-ways.svg", three_ways::draw()),
        ("pictures/what-is-where.svg", what_is_where::draw()),
    ]
    .map(|(path, svg)| (path.to_owned(), svg))
    .into()
}

/// Whether `make docs` answers for this file.
#[must_use]
pub fn is_drawn(path: &str) -> bool {
    path.starts_with(FOLDER) && path != recording::PATH
}

/// A picture in a page that lies outside of the repository, with its title in its place where it cannot be shown.
#[must_use]
pub fn markdown(name: &str) -> Option<String> {
    let path = format!("{FOLDER}{name}.svg");
    let svg = all().remove(&path)?;
    let title = svg.split_once("<title>")?.1.split_once("</title>")?.0;
    Some(format!("![{title}]({SERVED}{path})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_outside_has_the_whole_address_and_the_title() {
        let rotation = markdown("rotation").unwrap();
        assert!(rotation.starts_with("![A rotation in one apply. "), "{rotation}");
        assert!(rotation.ends_with(&format!("]({SERVED}pictures/rotation.svg)")), "{rotation}");
        assert_eq!(markdown("none"), None);
    }
}

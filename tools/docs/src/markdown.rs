//! What is in a page: links, anchors, code blocks, plain text.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

/// A fenced block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The word after the fence.
    pub language: String,
    /// The heading above it; empty at the top of a page.
    pub heading: String,
    /// The line of the fence, from 1.
    pub line: usize,
    /// What is in it.
    pub text: String,
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub target: String,
    /// From 1.
    pub line: usize,
}

fn parser(text: &str) -> OffsetIter<'_> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    Parser::new_ext(text, options).into_offset_iter()
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// All fenced blocks.
#[must_use]
pub fn code_blocks(text: &str) -> Vec<CodeBlock> {
    let (mut blocks, mut heading) = (Vec::new(), String::new());
    let (mut is_heading, mut open) = (false, None::<CodeBlock>);
    for (event, range) in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                is_heading = true;
                heading.clear();
            }
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(information))) => {
                let language = information.split([' ', ',']).next().unwrap_or_default().to_owned();
                let line = line_of(text, range.start);
                open = Some(CodeBlock { language, heading: heading.clone(), line, text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::Text(part) | Event::Code(part) => match &mut open {
                Some(block) => block.text.push_str(&part),
                None if is_heading => heading.push_str(&part),
                None => {}
            },
            _ => {}
        }
    }
    blocks
}

/// All links and images.
#[must_use]
pub fn links(text: &str) -> Vec<Link> {
    let link = |(event, range): (Event<'_>, std::ops::Range<usize>)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(Link { target: dest_url.into_string(), line: line_of(text, range.start) })
        }
        _ => None,
    };
    parser(text).filter_map(link).collect()
}

/// What links can name behind `#`: the headings, as GitHub and the registry turn them into anchors, and explicit ids.
#[must_use]
pub fn anchors(text: &str) -> BTreeSet<String> {
    let (mut anchors, mut seen) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut heading = None::<String>;
    for (event, _) in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let count = seen.entry(slug.clone()).or_default();
                anchors.insert(if *count == 0 { slug.clone() } else { format!("{slug}-{count}") });
                *count += 1;
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let ids = html.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next());
                anchors.extend(ids.map(str::to_owned));
            }
            _ => {}
        }
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | ' ');
    heading.trim().to_lowercase().chars().filter(|character| kept(*character)).collect::<String>().replace(' ', "-")
}

/// The text of Markdown without its marks, a line for each paragraph: for front matter.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for (event, _) in parser(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak => text.push(' '),
            Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => text.push('\n'),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\ntitle: x\n---\n# Title\n\n```hcl\na = 1\n```\n\n## How `it` works, mostly\n\n\
                        - in a list:\n\n  ```shell title\n  run\n  ```\n\n## How `it` works, mostly\n\n<a id=\"own\"></a>\n\
                        See [there](../other.md#part) and ![image](image.png).\n\n~~~\nplain\n~~~\n";

    #[test]
    fn code_blocks_are_found_wherever_they_are() {
        let blocks = code_blocks(PAGE);
        let found: Vec<_> =
            blocks.iter().map(|block| (&*block.language, &*block.heading, block.line, &*block.text)).collect();
        let how = "How it works, mostly";
        assert_eq!(found, [("hcl", "Title", 6, "a = 1\n"), ("shell", how, 14, "run\n"), ("", how, 23, "plain\n")]);
    }

    #[test]
    fn links_and_anchors_are_found() {
        let targets: Vec<_> = links(PAGE).into_iter().map(|link| (link.target, link.line)).collect();
        assert_eq!(targets, [("../other.md#part".to_owned(), 21), ("image.png".to_owned(), 21)]);
        let anchors = anchors(PAGE).into_iter().collect::<Vec<_>>();
        assert_eq!(anchors, ["how-it-works-mostly", "how-it-works-mostly-1", "own", "title"]);
    }

    #[test]
    fn a_link_within_code_is_none() {
        assert_eq!(links("`[a](b.md)` and\n\n```\n[a](b.md)\n```\n"), []);
    }

    #[test]
    fn plain_text_has_no_marks() {
        assert_eq!(plain("Runs `plan`, *always*:\nsee [there](x).\n\nMore."), "Runs plan, always: see there.\nMore.");
    }
}

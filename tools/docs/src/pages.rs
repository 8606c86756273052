//! All pages of `docs/`, made from the schema, the templates and the examples.

use std::collections::BTreeMap;

use crate::examples::{self, Files, Import};
use crate::front_matter;
use crate::kind::Kind;
use crate::schema::ProviderSchema;
use crate::templates::{About, Renderer, Subject, import_section};
use crate::{Error, function_section, guides, schema_section};

/// The pages by their paths, as in `docs/index.md`.
pub type Pages = BTreeMap<String, String>;

const PROVIDER_NAME: &str = "terraform-provider-druva";
const PROVIDER_SHORT_NAME: &str = "druva";
const DEFAULT: (&str, &str) = ("tools/docs/src/default.md.tmpl", include_str!("default.md.tmpl"));
const DEFAULT_OF_FUNCTIONS: (&str, &str) = ("tools/docs/src/function.md.tmpl", include_str!("function.md.tmpl"));

/// Makes all pages.
///
/// A thing's template is `templates/KIND/NAME.md.tmpl`, else `templates/KIND.md.tmpl`, else one of ours. Guides and other
/// pages that are not about one thing are in `templates/guides`; those that end in `.md` are taken as they are.
///
/// # Errors
///
/// When a template is missing, cannot be rendered, or belongs to nothing.
pub fn pages(files: &Files, schema: &ProviderSchema) -> Result<Pages, Error> {
    let renderer = Renderer::new(files);
    let mut maker = Maker { files, renderer, pages: Pages::new(), unused: templates(files) };
    for kind in Kind::ALL {
        for name in kind.names(schema) {
            maker.page(kind, name, about(files, schema, kind, name))?;
        }
        // It stands ready for the first thing of its kind.
        maker.unused.remove(&format!("templates/{}.md.tmpl", kind.folder()));
    }
    maker.guides()?;
    maker.index(schema)?;
    match maker.unused.into_keys().next() {
        Some(path) => Err(Error::UnusedTemplate(path)),
        None => Ok(maker.pages),
    }
}

fn templates(files: &Files) -> BTreeMap<String, &str> {
    let templates = files.iter().filter(|(path, _)| path.starts_with("templates/"));
    templates.map(|(path, text)| (path.clone(), text.as_str())).collect()
}

fn about(files: &Files, schema: &ProviderSchema, kind: Kind, name: &str) -> About {
    let common = About {
        name: name.to_owned(),
        r#type: kind.title(),
        examples: examples::of(files, kind, name),
        ..About::default()
    };
    match kind.schemas(schema) {
        Some(schemas) => {
            let block = &schemas[name].block;
            About {
                description: block.description.clone(),
                schema_markdown: Some(schema_section::schema(block)),
                import_markdown: Some(import_section(files, &Import::of(files, kind, name))),
                ..common
            }
        }
        None => {
            let function = &schema.functions[name];
            About {
                description: function.description.clone(),
                summary: Some(function.summary.clone()),
                signature_markdown: Some(format!("## Signature\n\n{}", function_section::signature(name, function))),
                arguments_markdown: Some(format!("## Arguments\n\n{}", function_section::arguments(function))),
                ..common
            }
        }
    }
}

struct Maker<'a> {
    files: &'a Files,
    renderer: Renderer,
    pages: Pages,
    /// Templates that made no page yet.
    unused: BTreeMap<String, &'a str>,
}

impl Maker<'_> {
    fn index(&mut self, schema: &ProviderSchema) -> Result<(), Error> {
        let path = "templates/index.md.tmpl";
        let template = self.unused.remove(path).ok_or_else(|| {
            let source = std::io::ErrorKind::NotFound.into();
            Error::File { path: path.to_owned(), source }
        })?;
        let about = About {
            name: PROVIDER_SHORT_NAME.to_owned(),
            r#type: "Provider",
            description: schema.provider.block.description.clone(),
            examples: examples::of_provider(self.files),
            schema_markdown: Some(schema_section::schema(&schema.provider.block)),
            guides_markdown: Some(guides::list(&self.pages)),
            ..About::default()
        };
        self.render("docs/index.md".to_owned(), path, template, Some(about))
    }

    fn page(&mut self, kind: Kind, name: &str, about: About) -> Result<(), Error> {
        let folder = kind.folder();
        let page = Kind::page_name(name);
        let own = format!("templates/{folder}/{page}.md.tmpl");
        let shared = format!("templates/{folder}.md.tmpl");
        let (path, template) = if let Some(template) = self.unused.remove(&own) {
            (own.as_str(), template)
        } else if let Some(template) = self.files.get(&shared) {
            (shared.as_str(), template.as_str())
        } else if kind == Kind::Function {
            DEFAULT_OF_FUNCTIONS
        } else {
            DEFAULT
        };
        self.render(format!("docs/{folder}/{page}.md"), path, template, Some(about))
    }

    fn guides(&mut self) -> Result<(), Error> {
        let is_guide = |path: &&String| path.starts_with("templates/guides/");
        for path in self.unused.keys().filter(is_guide).cloned().collect::<Vec<_>>() {
            let template = self.unused.remove(&path).unwrap_or_default();
            let page = path.replacen("templates/", "docs/", 1);
            match page.strip_suffix(".tmpl") {
                Some(page) => self.render(page.to_owned(), &path, template, None)?,
                None => self.add(page, &path, template),
            }
        }
        Ok(())
    }

    fn render(&mut self, page: String, path: &str, template: &str, about: Option<About>) -> Result<(), Error> {
        let subject = Subject { about, provider_name: PROVIDER_NAME, provider_short_name: PROVIDER_SHORT_NAME };
        let text = self.renderer.render(path, template, &subject)?;
        self.add(page, path, &text);
        Ok(())
    }

    fn add(&mut self, page: String, template: &str, text: &str) {
        let comment = format!("Made by \"make docs\" from {template}: edit that one.");
        let text = front_matter::with_comment(&guides::numbered(&page, text), &comment);
        self.pages.insert(page, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tests::{read, sound};

    fn files(more: &[(&str, &str)]) -> Files {
        let index =
            ("templates/index.md.tmpl", "---\npage_title: x\n---\n# {{ name }} {{ type }}\n\n{{ schema_markdown }}\n");
        let example = ("examples/resources/druva_thing/resource.tf", "resource \"druva_thing\" \"this\" {}\n");
        let import = ("examples/resources/druva_thing/import.sh", "terraform import druva_thing.this x\n");
        let all = [&[index, example, import], more].concat();
        all.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    }

    fn made(more: &[(&str, &str)]) -> Pages {
        pages(&files(more), &read(sound())).unwrap()
    }

    #[test]
    fn everything_in_the_schema_has_a_page() {
        let pages = made(&[]);
        let paths: Vec<_> = pages.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "docs/data-sources/things.md",
                "docs/functions/thing_names.md",
                "docs/index.md",
                "docs/resources/thing.md"
            ]
        );
        assert_eq!(
            pages["docs/index.md"],
            "---\n# Made by \"make docs\" from templates/index.md.tmpl: edit that one.\npage_title: x\n---\n\
             # druva Provider\n\n## Schema\n\n### Optional\n\n- `cloud` (String) The cloud.\n"
        );
    }

    #[test]
    fn the_default_template_shows_examples_schema_and_import() {
        let pages = made(&[]);
        let page = &pages["docs/resources/thing.md"];
        let start = "---\n# Made by \"make docs\" from tools/docs/src/default.md.tmpl: edit that one.\n\
                     page_title: \"druva_thing Resource - terraform-provider-druva\"\nsubcategory: \"\"\n\
                     description: |-\n  A thing.\n---\n\n# druva_thing (Resource)\n\nA `thing`.\n\n## Example Usage\n\n\
                     ```terraform\nresource \"druva_thing\" \"this\" {}\n```\n\n## Schema\n\n### Required\n\n";
        assert!(page.starts_with(start), "{page}");
        assert!(page.contains("\n- `update` (String) Updating.\n\n## Import\n\nWith the"), "{page}");
        assert!(page.ends_with("\n```shell\nterraform import druva_thing.this x\n```\n"), "{page}");
        let function = &pages["docs/functions/thing_names.md"];
        let end = "# function: thing_names\n\nThe names, for any number of groups.\n\n## Signature\n\n\
                   ```text\nthing_names(groups string...) set of string\n```\n\n## Arguments\n\n\
                   1. `groups` (Variadic, String) The groups.\n";
        assert!(function.ends_with(end), "{function}");
    }

    #[test]
    fn kinds_to_come_have_pages_too() {
        let mut json = sound();
        let things = json["resource_schemas"].clone();
        for kind in ["ephemeral_resource_schemas", "list_resource_schemas", "action_schemas"] {
            json[kind] = things.clone();
        }
        let pages = pages(&files(&[]), &read(json)).unwrap();
        for (folder, title) in
            [("ephemeral-resources", "Ephemeral Resource"), ("list-resources", "List Resource"), ("actions", "Action")]
        {
            let page = &pages[&format!("docs/{folder}/thing.md")];
            assert!(page.contains(&format!("# druva_thing ({title})\n")), "{page}");
        }
    }

    #[test]
    fn templates_of_a_kind_and_of_a_thing_come_first() {
        let kind = ("templates/resources.md.tmpl", "kind {{ name }}");
        assert_eq!(made(&[kind])["docs/resources/thing.md"], "kind druva_thing\n");
        let own = ("templates/resources/thing.md.tmpl", "own {{ name }}");
        assert_eq!(made(&[kind, own])["docs/resources/thing.md"], "own druva_thing\n");
    }

    #[test]
    fn guides_are_rendered_or_taken_as_they_are() {
        let rendered = ("templates/guides/one.md.tmpl", "{{ provider_name }}");
        let plain = ("templates/guides/two.md", "{{ as it is }}\n");
        let pages = made(&[rendered, plain]);
        assert_eq!(pages["docs/guides/one.md"], "terraform-provider-druva\n");
        assert_eq!(pages["docs/guides/two.md"], "{{ as it is }}\n");
        let about = ("templates/guides/one.md.tmpl", "{{ schema_markdown }}");
        let error = super::pages(&files(&[about]), &read(sound())).unwrap_err().to_string();
        assert!(error.starts_with("templates/guides/one.md.tmpl:1: undefined value"), "{error}");
    }

    #[test]
    fn the_index_can_list_the_guides() {
        let guide = "---\npage_title: \"Set up\"\ndescription: |-\n  From nothing.\n---\n";
        let index = ("templates/index.md.tmpl", "{{ guides_markdown }}");
        let pages = made(&[index, ("templates/guides/set-up.md.tmpl", guide)]);
        assert_eq!(pages["docs/index.md"], "1. [Set up](guides/set-up.md): From nothing.\n");
    }

    #[test]
    fn a_template_of_nothing_is_an_error_and_so_is_a_missing_index() {
        let stray = ("templates/resources/thingy.md.tmpl", "");
        let error = pages(&files(&[stray]), &read(sound())).unwrap_err().to_string();
        assert_eq!(error, "templates/resources/thingy.md.tmpl is the template of nothing in the schema");
        let error = pages(&Files::new(), &read(sound())).unwrap_err().to_string();
        assert!(error.starts_with("templates/index.md.tmpl: "), "{error}");
    }
}

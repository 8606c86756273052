//! Templates, in Jinja's language.
//!
//! | in a template | what it becomes |
//! |---|---|
//! | `{{ name }}`, `{{ type }}`, `{{ description }}` | the thing that the page is about: `druva_okta_link`, `Resource`, … |
//! | `{{ summary }}` | of a function |
//! | `{{ provider_name }}`, `{{ provider_short_name }}` | `terraform-provider-druva`, `druva` |
//! | `{{ schema_markdown }}` | the section "Schema" |
//! | `{{ signature_markdown }}`, `{{ arguments_markdown }}` | the sections of a function |
//! | `{{ import_markdown }}` | the section "Import", from `import.sh`, `import-by-string-id.tf` and `import-by-identity.tf` |
//! | `{{ guides_markdown }}` | in the index: a list of the guides, from their front matter |
//! | `{{ examples }}` | the paths of the examples, for a loop |
//! | `{{ tffile("examples/…/main.tf") }}` | a file as a block of Terraform's language |
//! | `{{ codefile("shell", "examples/…/plan.sh") }}` | a file as a block of another language |
//! | `{{ picture("rotation") }}` | one of [`pictures`], with its title |
//! | `{{ problems() }}` | the problems that the provider reports, section by section |
//! | `{{ text \| plainmarkdown }}` | the text without marks, for front matter |
//!
//! Paths begin at the top of the repository. Whatever is not known is an error with file and line.

use std::fmt::Write as _;

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use crate::examples::{Files, Import};
use crate::{Error, markdown, pictures, problem};

/// What a template can say about the thing that its page is about. Guides have no more than the provider's names.
#[derive(Debug, Default, Serialize)]
#[expect(missing_docs, reason = "they are explained above")]
pub struct Subject {
    #[serde(flatten)]
    pub about: Option<About>,
    pub provider_name: &'static str,
    pub provider_short_name: &'static str,
}

/// See [`Subject`].
#[derive(Debug, Default, Serialize)]
#[expect(missing_docs, reason = "they are explained above")]
pub struct About {
    pub name: String,
    pub r#type: &'static str,
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub examples: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_markdown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_markdown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments_markdown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_markdown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guides_markdown: Option<String>,
}

/// Renders templates.
pub struct Renderer {
    environment: Environment<'static>,
}

impl Renderer {
    /// With the files that templates can include.
    #[must_use]
    pub fn new(files: &Files) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_filter("plainmarkdown", |text: String| markdown::plain(&text));
        let included = files.clone();
        environment.add_function("tffile", move |path: String| code_file(&included, "terraform", &path));
        let included = files.clone();
        environment
            .add_function("codefile", move |language: String, path: String| code_file(&included, &language, &path));
        environment.add_function("picture", |name: String| {
            pictures::markdown(&name).ok_or_else(|| invalid(format!("there is no picture {name}")))
        });
        environment.add_function("problems", problem::markdown);
        Self { environment }
    }

    /// Renders a template. `path` is for errors.
    ///
    /// # Errors
    ///
    /// When something in it is not known; with file and line.
    pub fn render(&self, path: &str, template: &str, subject: &Subject) -> Result<String, Error> {
        let text =
            self.environment.render_named_str(path, template, subject).map_err(|error| in_one_line(path, &error))?;
        Ok(text.trim_end().to_owned() + "\n")
    }
}

fn in_one_line(path: &str, error: &minijinja::Error) -> Error {
    let line = error.line().map_or(String::new(), |line| format!(":{line}"));
    let mut text = format!("{path}{line}: {}", error.kind());
    if let Some(detail) = error.detail() {
        let _ = write!(text, ": {detail}");
    } else if let Some(place) = error.range().and_then(|range| error.template_source()?.get(range)) {
        let _ = write!(text, ": {place}");
    }
    Error::Template(text)
}

fn invalid(text: String) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, text)
}

fn code_file(files: &Files, language: &str, path: &str) -> Result<String, minijinja::Error> {
    let text = files.get(path).ok_or_else(|| invalid(format!("there is no file {path}")))?;
    Ok(code(language, text))
}

fn code(language: &str, text: &str) -> String {
    // A file that has fences of its own needs longer ones around it.
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

/// The section "Import"; empty when there is nothing to show.
#[must_use]
pub fn import_section(files: &Files, import: &Import) -> String {
    let shown = |path: &Option<String>, language: &str, words: &str| {
        let text = files.get(path.as_ref()?)?;
        Some(format!("{words}\n\n{}", code(language, text)))
    };
    let block =
        "With an [`import` block](https://developer.hashicorp.com/terraform/language/import), from Terraform 1.5 on:";
    let command =
        "With the [`terraform import` command](https://developer.hashicorp.com/terraform/cli/commands/import):";
    let identity = "With an [`import` block](https://developer.hashicorp.com/terraform/language/import) that names the \
        identity, from Terraform 1.12 on:";
    let parts = [
        shown(&import.by_identity, "terraform", identity),
        shown(&import.by_id, "terraform", block),
        shown(&import.command, "shell", command),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("## Import\n\n{}", parts.join("\n\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        [("examples/a/main.tf", "a = 1\n"), ("examples/a/run.sh", "run\n"), ("doc.md", "```\n```\n")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into()
    }

    fn render(template: &str) -> Result<String, String> {
        let subject = Subject { provider_short_name: "druva", ..Subject::default() };
        let renderer = Renderer::new(&files());
        renderer.render("templates/x.md.tmpl", template, &subject).map_err(|error| error.to_string())
    }

    #[test]
    fn files_are_included() {
        assert_eq!(
            render("A\n\n{{ tffile(\"examples/a/main.tf\") }}\n\nB\n").unwrap(),
            "A\n\n```terraform\na = 1\n```\n\nB\n"
        );
        assert_eq!(render("{{ codefile(\"shell\", \"examples/a/run.sh\") }}").unwrap(), "```shell\nrun\n```\n");
        assert_eq!(render("{{ codefile(\"md\", \"doc.md\") }}").unwrap(), "````md\n```\n```\n````\n");
    }

    #[test]
    fn names_and_problems_are_filled_in() {
        assert_eq!(render("{{ provider_short_name }}\n\n\n").unwrap(), "druva\n");
        assert!(render("{{ problems() }}").unwrap() == problem::markdown() + "\n", "not the list");
        assert_eq!(render("{{ \"*a* <b>\" | plainmarkdown | indent(2, true) }}").unwrap(), "  a\n");
        assert_eq!(render("${var.x} & <y>").unwrap(), "${var.x} & <y>\n");
    }

    #[test]
    fn what_is_not_known_is_said_with_file_and_line() {
        for (template, expected) in [
            ("\n{{ nmae }}", "templates/x.md.tmpl:2: undefined value: nmae"),
            ("\n\n{{ tffiel(\"x\") }}", "templates/x.md.tmpl:3: unknown function: tffiel is unknown"),
            ("{{ tffile(\"../main.tf\") }}", "templates/x.md.tmpl:1: invalid operation: there is no file ../main.tf"),
            ("{{ codefile(\"sh\", \"no.sh\") }}", "templates/x.md.tmpl:1: invalid operation: there is no file no.sh"),
            ("\n{% if %}", "templates/x.md.tmpl:2: syntax error: unexpected end of block"),
        ] {
            let error = render(template).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn the_section_on_imports_shows_what_there_is() {
        assert_eq!(import_section(&files(), &Import::default()), "");
        let import = Import { command: Some("examples/a/run.sh".to_owned()), ..Import::default() };
        let section = import_section(&files(), &import);
        assert!(section.starts_with("## Import\n\nWith the [`terraform import` command]"), "{section}");
        assert!(section.ends_with(":\n\n```shell\nrun\n```"), "{section}");
    }
}

//! Makes `docs/` in the layout of Terraform's registry, and checks it.
//!
//! What goes in: the schema as `terraform providers schema -json` prints it ([`schema`]; what
//! an older Terraform leaves out is asked of the provider), `templates/` ([`templates`]) and
//! `examples/` ([`examples`]). What comes out: [`pages`], which [`disk`] writes or compares with what is there.
//!
//! Beside the pages there are [`pictures`], and the [`recording`] of the demo.
//!
//! The conventions are those of `tfplugindocs`, the tool for providers in Go: paths, front matter, headings and anchors,
//! so that who knows other providers' pages finds everything in its place. Templates are in Jinja's language.
//!
//! The rules: [`layout`] for what the registry accepts, [`links`] for links and anchors, [`guides`] for the order of the guides,
//! [`schema_rules`] for the schema and [`example_rules`] for the examples. Each is a function from what it looks at to a list of sentences.

pub mod disk;
pub mod example_rules;
pub mod examples;
pub mod front_matter;
pub mod function_section;
pub mod guides;
pub mod kind;
pub mod layout;
pub mod links;
pub mod markdown;
mod newer;
pub mod pages;
pub mod pictures;
pub mod problem;
pub mod recording;
pub mod schema;
pub mod schema_rules;
pub mod schema_section;
pub mod svg;
pub mod templates;
pub mod types;

/// What went wrong, with the file concerned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Relative to the repository where it lies in it.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The schema is not what it should be.
    #[error("{path}: {source}")]
    Json {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The schema is not that of one provider.
    #[error(
        "the schema is that of {0} providers, not of one: run `terraform providers schema -json` beside a configuration with this one"
    )]
    NotOneProvider(usize),
    /// A template cannot be rendered. The text begins with file and line.
    #[error("{0}")]
    Template(String),
    /// A template would never be used.
    #[error("{0} is the template of nothing in the schema")]
    UnusedTemplate(String),
}

/// All that `make docs` makes: `docs/` and the pictures.
///
/// # Errors
///
/// When a template is missing, cannot be rendered, or belongs to nothing.
pub fn made(files: &examples::Files, schema: &schema::ProviderSchema) -> Result<pages::Pages, Error> {
    let mut made = pages::pages(files, schema)?;
    made.extend(pictures::all());
    Ok(made)
}

/// All rules, over a repository whose documentation was made: a sentence for each that is broken.
///
/// # Errors
///
/// When a file cannot be read.
pub fn broken_rules(root: &std::path::Path, schema: &schema::ProviderSchema) -> Result<Vec<String>, Error> {
    let repository = disk::repository(root)?;
    let mut broken = schema_rules::broken(schema);
    broken.extend(layout::broken(&repository, schema));
    broken.extend(links::broken(&repository));
    broken.extend(guides::broken(&repository));
    broken.extend(example_rules::broken(&repository, schema));
    Ok(broken)
}

//! Why a text is not a private key that can sign, and the command that mends it.

/// Why a text is not a private key that can sign. The message continues a sentence whose subject is the text; no message has
/// a part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// Neither PEM nor JSON.
    #[error(
        "holds neither a private key in PEM (-----BEGIN … PRIVATE KEY-----), nor a JWK ({{\"kty\": …}}), nor one of them in base64"
    )]
    NoKey,
    /// No text, and no key in DER either.
    #[error("is neither text nor a private key in DER")]
    Binary,
    /// PEM that ends too early.
    #[error("begins with a BEGIN line and has no END line: only a part of the key arrived, often its first line alone")]
    CutOff,
    /// PEM whose lines do not decode.
    #[error("is a damaged PEM block: it does not decode, or its END line names something else than its BEGIN line")]
    DamagedPem,
    /// PEM with a passphrase.
    #[error("is encrypted with a passphrase, which this provider cannot ask for")]
    Encrypted,
    /// The format that `ssh-keygen` writes.
    #[error("is in OpenSSH's own format (BEGIN OPENSSH PRIVATE KEY), which this provider does not read")]
    OpenSsh,
    /// Something else than a private key, which is named.
    #[error("holds {0}, and no private key")]
    NotPrivate(&'static str),
    /// A private key of another kind.
    #[error("is a private key of another kind than RSA and EC, such as Ed25519")]
    OtherKind,
    /// An EC key on a curve that Okta does not take.
    #[error("is an EC key on another curve than P-256 and P-384")]
    OtherCurve,
    /// A short RSA key.
    #[error("is an RSA key of less than 2048 bits")]
    SmallRsa,
    /// A damaged one.
    #[error("is damaged, or neither an RSA key of 2048 bits or more nor an EC key on P-256 or P-384")]
    Unusable,
    /// Begins like JSON and is none.
    #[error("begins with {{ and is not JSON: a shell or a template may have taken its quotes away")]
    NotJson,
    /// JSON that is no JWK.
    #[error("is JSON, but not a JWK: a JWK has the member \"kty\"")]
    NotAJwk,
    /// What Okta's API tells of an app.
    #[error("is what Okta's API tells of an app (\"settings\", \"jwks\"): that has public keys only")]
    OktaApp,
    /// Several JWKs.
    #[error("is a set of JWKs (\"keys\"), not one JWK")]
    JwkSet,
    /// A JWK without its private part.
    #[error("is a public JWK: it lacks the member \"d\", which is the private part")]
    PublicJwk,
    /// A JWK of a shared secret.
    #[error("is a symmetric JWK (\"kty\" is \"oct\"), not the private key of an RSA or EC key pair")]
    SymmetricJwk,
    /// A JWK with a member that is not there or not base64url.
    #[error("is a JWK whose member \"{0}\" is missing or damaged")]
    JwkMember(&'static str),
    /// A JWK that does not hold together.
    #[error("is a damaged JWK: its members do not belong together")]
    DamagedJwk,
}

/// What stands in a command for the key's file.
const FILE: &str = "FILE";

/// A step, and the command for it.
type Cure = (&'static str, &'static str);

const ON_ONE_LINE: Cure = ("Give it on one line, as this command prints it:", "base64 < FILE | tr -d '\\n'");
const NEW_PAIR: &str = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new-key.pem";

impl InvalidKey {
    /// The step that mends it, with its command, for a key in `file`. None where only a closer look helps.
    pub fn cure(self, file: Option<&str>) -> Option<String> {
        let (step, command): Cure = match self {
            Self::NoKey | Self::NotAJwk | Self::JwkMember(_) | Self::DamagedJwk => return None,
            Self::CutOff | Self::DamagedPem | Self::NotJson => ON_ONE_LINE,
            Self::Binary => ("Convert it to PEM:", "openssl pkey -in FILE -out key.pem"),
            Self::Encrypted => (
                "Write it without the passphrase into another file, and give that one:",
                "openssl pkey -in FILE -out plain-key.pem",
            ),
            Self::OpenSsh => (
                "Convert a copy of it to PEM, without a passphrase, and give the copy:",
                "cp FILE new-key.pem && ssh-keygen -p -m PKCS8 -N \"\" -f new-key.pem",
            ),
            Self::JwkSet => ("Give the one JWK that is meant, such as the first:", "jq '.keys[0]' FILE"),
            Self::NotPrivate(_) | Self::OktaApp | Self::PublicJwk => (
                "Give the private key of the same pair. If it is lost, make another pair, and add its public key to the app, as \
                 the guide \"Keys of the service app\" shows:",
                NEW_PAIR,
            ),
            Self::Unusable => (
                "Take the whole key again from where it came. If it stays so, make another pair, and add its public key to the \
                 app, as the guide \"Keys of the service app\" shows:",
                NEW_PAIR,
            ),
            Self::OtherKind | Self::OtherCurve | Self::SmallRsa | Self::SymmetricJwk => (
                "Make another pair, and add its public key to the app, as the guide \"Keys of the service app\" shows:",
                NEW_PAIR,
            ),
        };
        let stand_in = if matches!(self, Self::JwkSet | Self::NotJson) { "key.json" } else { "key.pem" };
        let explanation = match file {
            None if command.contains(FILE) => format!("\n\nHere {stand_in} is the file that has the key."),
            _ => String::new(),
        };
        let command = command.replace(FILE, file.unwrap_or(stand_in));
        Some(format!("{step}\n\n  {command}{explanation}"))
    }
}

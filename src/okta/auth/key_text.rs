//! A private key as people and CI systems hold it: PEM or a JWK, also in quotes, on one line, in base64, in UTF-16, in DER.

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::EcdsaKeyPair;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonwebtoken::Algorithm;
use zeroize::Zeroizing;

use super::invalid_key::InvalidKey;
use super::jwk;
use super::private_key::{CURVES, PrivateKey, is_small};
use crate::redaction;

const BEGIN: &str = "-----BEGIN";
/// Nobody has a longer path.
const LONGEST_PATH: usize = 4096;
/// In bytes. No private key in DER is shorter.
const SHORTEST_DER: usize = 64;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// What else a PEM block may be that is given by mistake.
const OTHER_BLOCKS: [(&str, &str); 5] = [
    ("CERTIFICATE REQUEST", "a request for a certificate"),
    ("CERTIFICATE", "a certificate"),
    ("PUBLIC KEY", "a public key"),
    ("PARAMETERS", "the parameters of a curve"),
    ("", "a PEM block of another kind"),
];
/// Object identifiers in DER.
const ELLIPTIC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const OUR_CURVES: [&[u8]; 2] = [&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7], &[0x2B, 0x81, 4, 0, 0x22]];
/// How those of most other curves begin (SEC 2), in a key that names its kind by its tag alone.
const OTHER_CURVES: &[u8] = &[0x2B, 0x81, 4, 0];
/// How those of Ed25519 and its kin begin.
const EDWARDS: &[u8] = &[6, 3, 0x2B, 0x65];

impl PrivateKey {
    /// The path that a text is, of a file that holds a key. None where the text is meant to be a key itself.
    pub fn path(text: &str) -> Option<&str> {
        let text = unquoted(text);
        let is_path = text.len() <= LONGEST_PATH && !text.contains('\n') && !is_key(text) && !is_public(text);
        (is_path && from_base64(text).is_none()).then_some(text)
    }

    /// Parses a key in PEM (PKCS#8, PKCS#1 for RSA, SEC1 for EC) or DER, or a private JWK. No text shows it from now on.
    ///
    /// # Errors
    /// Says what is wrong with it; the message continues a sentence that starts with the argument's name.
    pub fn parse(given: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        let given = given.as_ref();
        let Some(text) = text_of(given) else {
            return from_der("PRIVATE KEY", given).map_err(|error| match error {
                InvalidKey::Unusable => InvalidKey::Binary,
                other => other,
            });
        };
        redaction::hold(&text);
        let text = unquoted(&text);
        if let Some(decoded) = from_base64(text) {
            return Self::parse(&*decoded);
        }
        let text = with_line_breaks(text);
        redaction::hold(&text);
        match &*text {
            text if text.starts_with('{') => jwk::parse(text),
            text if text.contains(BEGIN) => from_pem(text),
            text if is_public(text) => Err(InvalidKey::NotPrivate("a public key")),
            _ => Err(InvalidKey::NoKey),
        }
    }
}

fn is_key(text: &str) -> bool {
    text.contains(BEGIN) || text.starts_with('{')
}

/// Whether it is a public key as OpenSSH writes it.
fn is_public(text: &str) -> bool {
    text.contains(" AAAA")
}

/// UTF-8, or UTF-16 as PowerShell writes it.
fn text_of(given: &[u8]) -> Option<Zeroizing<String>> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Zeroizing<Vec<u16>> =
            Zeroizing::new(bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect());
        String::from_utf16(&units).ok()
    };
    match given {
        [0xFF, 0xFE, bytes @ ..] => wide(bytes, u16::from_le_bytes),
        [0xFE, 0xFF, bytes @ ..] => wide(bytes, u16::from_be_bytes),
        [_, 0, ..] => wide(given, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, bytes @ ..] => str::from_utf8(bytes).ok().map(str::to_owned),
        _ => str::from_utf8(given).ok().map(str::to_owned),
    }
    .map(Zeroizing::new)
}

/// Without what an `.env` file or a template left around it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.map_or(text, str::trim)
}

/// What base64 stands for, if that is a key.
fn from_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if is_key(text) {
        return None;
    }
    let on_one_line: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    let decoded = Zeroizing::new(BASE64.decode(on_one_line.as_bytes()).ok()?);
    let is_der = decoded.len() > SHORTEST_DER && decoded[0] == 0x30;
    let is_meant = text_of(&decoded).map_or(is_der, |text| is_key(unquoted(&text)));
    is_meant.then_some(decoded)
}

/// Neither PEM nor a JWK has a backslash: where one is, something has escaped line breaks, quotes or slashes.
fn with_line_breaks(text: &str) -> Zeroizing<String> {
    Zeroizing::new(match text.contains(BEGIN) || text.starts_with("{\\") {
        true => text.replace("\\r", "").replace("\\n", "\n").replace('\\', ""),
        false => text.to_owned(),
    })
}

fn from_pem(text: &str) -> Result<PrivateKey, InvalidKey> {
    // Before the key there may be its curve (`openssl ecparam`), or its certificate.
    let tag = |block: &str| block[BEGIN.len()..].split("-----").next().unwrap_or_default().trim().to_owned();
    let is_private = |(tag, _): &(String, &str)| tag.contains("PRIVATE") && tag.ends_with("KEY");
    let mut blocks = text.match_indices(BEGIN).map(|(at, _)| &text[at..]).map(|block| (tag(block), block));
    let first = blocks.next().ok_or(InvalidKey::NoKey)?;
    let found = if is_private(&first) { Some(first.clone()) } else { blocks.find(is_private) };
    let Some((tag, block)) = found else {
        let other = OTHER_BLOCKS.iter().find(|(ending, _)| first.0.ends_with(ending));
        return Err(other.map_or(InvalidKey::NoKey, |(_, name)| InvalidKey::NotPrivate(name)));
    };
    if tag == "ENCRYPTED PRIVATE KEY" || block.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(InvalidKey::Encrypted);
    }
    let is_cut_off = !block.contains("-----END");
    let parsed = pem::parse(block).map_err(|_| if is_cut_off { InvalidKey::CutOff } else { InvalidKey::DamagedPem })?;
    from_der(&tag, &Zeroizing::new(parsed.into_contents()))
}

fn from_der(tag: &str, der: &[u8]) -> Result<PrivateKey, InvalidKey> {
    if tag == "OPENSSH PRIVATE KEY" {
        let is_edwards = has(der, b"ssh-ed25519");
        return Err(if is_edwards { InvalidKey::OtherKind } else { InvalidKey::OpenSsh });
    }
    if let Some(key) = elliptic_from_der(der) {
        return Ok(key);
    }
    let pair = KeyPair::from_pkcs8(der).or_else(|one| KeyPair::from_der(der).map_err(|other| [one, other]));
    match pair {
        Ok(pair) => PrivateKey::rsa(&pair, Algorithm::RS256).ok_or(InvalidKey::Unusable),
        Err(refused) if refused.into_iter().any(is_small) => Err(InvalidKey::SmallRsa),
        Err(_) => Err(reason(tag, der)),
    }
}

/// Why none of the kinds that can sign fits.
fn reason(tag: &str, der: &[u8]) -> InvalidKey {
    let is_ours = OUR_CURVES.iter().any(|curve| has(der, curve));
    match tag {
        "DSA PRIVATE KEY" => InvalidKey::OtherKind,
        _ if has(der, EDWARDS) => InvalidKey::OtherKind,
        _ if has(der, ELLIPTIC) && !is_ours => InvalidKey::OtherCurve,
        "EC PRIVATE KEY" if has(der, OTHER_CURVES) && !is_ours => InvalidKey::OtherCurve,
        _ => InvalidKey::Unusable,
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// PKCS#8 or SEC1.
fn elliptic_from_der(der: &[u8]) -> Option<PrivateKey> {
    CURVES.into_iter().find_map(|(_, curve, algorithm)| {
        let pair = EcdsaKeyPair::from_pkcs8(curve, der).or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der));
        PrivateKey::elliptic(&pair.ok()?, algorithm)
    })
}

#[cfg(test)]
mod tests;

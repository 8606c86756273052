//! A private JWK, as Okta's console gives one out: members in, a [`PrivateKey`] out.

use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::EcdsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use zeroize::Zeroizing;

use super::invalid_key::InvalidKey;
use super::private_key::{CURVES, PrivateKey, is_small};

/// The members of RFC 7518 that matter here.
#[derive(Deserialize)]
struct Jwk {
    kty: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<SecretString>,
    p: Option<SecretString>,
    q: Option<SecretString>,
    dp: Option<SecretString>,
    dq: Option<SecretString>,
    qi: Option<SecretString>,
    /// Of a set of JWKs.
    keys: Option<IgnoredAny>,
    /// Of what Okta's API tells of an app, and of a client.
    settings: Option<IgnoredAny>,
    jwks: Option<IgnoredAny>,
}

pub(super) fn parse(text: &str) -> Result<PrivateKey, InvalidKey> {
    // What serde would say about it could quote the key.
    let jwk: Jwk = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => InvalidKey::NotAJwk,
        _ => InvalidKey::NotJson,
    })?;
    match jwk.kty.as_deref() {
        None if jwk.keys.is_some() => Err(InvalidKey::JwkSet),
        None if jwk.settings.is_some() || jwk.jwks.is_some() => Err(InvalidKey::OktaApp),
        None => Err(InvalidKey::NotAJwk),
        Some("oct") => Err(InvalidKey::SymmetricJwk),
        Some("RSA" | "EC") if jwk.d.is_none() => Err(InvalidKey::PublicJwk),
        Some("RSA") => rsa(&jwk),
        Some("EC") => elliptic(&jwk),
        Some(_) => Err(InvalidKey::OtherKind),
    }
    .map(|key| key.with_id(jwk.kid))
}

fn elliptic(jwk: &Jwk) -> Result<PrivateKey, InvalidKey> {
    let (_, curve, algorithm) =
        CURVES.into_iter().find(|(name, ..)| jwk.crv.as_deref() == Some(*name)).ok_or(InvalidKey::OtherCurve)?;
    let private = private("d", jwk.d.as_ref())?;
    let (x, y) = (public("x", jwk.x.as_ref())?, public("y", jwk.y.as_ref())?);
    // The uncompressed point.
    let public = [&[4], &x[..], &y].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(curve, &private, &public);
    pair.ok().and_then(|pair| PrivateKey::elliptic(&pair, algorithm)).ok_or(InvalidKey::DamagedJwk)
}

fn rsa(jwk: &Jwk) -> Result<PrivateKey, InvalidKey> {
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: public("n", jwk.n.as_ref())?, e: public("e", jwk.e.as_ref())? },
        d: private("d", jwk.d.as_ref())?,
        p: private("p", jwk.p.as_ref())?,
        q: private("q", jwk.q.as_ref())?,
        dP: private("dp", jwk.dp.as_ref())?,
        dQ: private("dq", jwk.dq.as_ref())?,
        qInv: private("qi", jwk.qi.as_ref())?,
    };
    // Okta remembers the algorithm of a key that names one.
    let algorithm = match jwk.alg.as_deref() {
        Some("RS384") => Algorithm::RS384,
        Some("RS512") => Algorithm::RS512,
        _ => Algorithm::RS256,
    };
    let pair = KeyPair::from_components(&components)
        .map_err(|refused| if is_small(refused) { InvalidKey::SmallRsa } else { InvalidKey::DamagedJwk })?;
    PrivateKey::rsa(&pair, algorithm).ok_or(InvalidKey::DamagedJwk)
}

fn public(name: &'static str, member: Option<&String>) -> Result<Vec<u8>, InvalidKey> {
    member.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or(InvalidKey::JwkMember(name))
}

fn private(name: &'static str, member: Option<&SecretString>) -> Result<Zeroizing<Vec<u8>>, InvalidKey> {
    let decode = |text: &SecretString| URL_SAFE_NO_PAD.decode(text.expose_secret()).map(Zeroizing::new).ok();
    member.and_then(decode).ok_or(InvalidKey::JwkMember(name))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, EcPrivateKeyBin, Pkcs8V1Der};
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::{EcdsaSigningAlgorithm, KeyPair as _};
    use jsonwebtoken::DecodingKey;
    use serde_json::{Value, json};

    use super::*;

    fn elliptic_jwk(name: &str, curve: &'static EcdsaSigningAlgorithm) -> Value {
        let pair = EcdsaKeyPair::generate(curve).unwrap();
        let private: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(private.as_ref().len());
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({"kty": "EC", "crv": name, "x": encode(x), "y": encode(y), "d": encode(private.as_ref())})
    }

    fn rsa_jwk() -> Value {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8.as_ref()));
        let der = jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let numbers: Vec<String> =
            rsa_numbers(der.as_bytes()).into_iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        let [_, n, e, d, p, q, dp, dq, qi] = &numbers[..] else { panic!("{} numbers", numbers.len()) };
        json!({"kty": "RSA", "n": n, "e": e, "d": d, "p": p, "q": q, "dp": dp, "dq": dq, "qi": qi})
    }

    /// The numbers of an RSA key in PKCS #1, which is a sequence of integers: after the version n, e, d, p, q, dp, dq, qi.
    fn rsa_numbers(der: &[u8]) -> Vec<&[u8]> {
        let (sequence, _) = content(der);
        let mut rest = sequence;
        let mut numbers = Vec::new();
        while !rest.is_empty() {
            let (number, after) = content(rest);
            numbers.push(number.strip_prefix(&[0]).filter(|number| !number.is_empty()).unwrap_or(number));
            rest = after;
        }
        numbers
    }

    /// The content of the first element of some DER, and what follows it.
    fn content(der: &[u8]) -> (&[u8], &[u8]) {
        let (start, length) = match usize::from(der[1]) {
            short @ ..0x80 => (2, short),
            long => {
                let start = 2 + (long - 0x80);
                (start, der[2..start].iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
            }
        };
        der[start..].split_at(length)
    }

    /// What the key signs is verified with the public members of the JWK, by a library that knows JWKs.
    fn signs(jwk: &Value, algorithm: Algorithm) {
        let key = parse(&jwk.to_string()).unwrap();
        let signed = key.sign(key.header(), &json!({"sub": "0oa1"})).unwrap();
        let public = DecodingKey::from_jwk(&serde_json::from_value(jwk.clone()).unwrap()).unwrap();
        let mut validation = jsonwebtoken::Validation::new(algorithm);
        validation.required_spec_claims.clear();
        assert_eq!(jsonwebtoken::decode::<Value>(&*signed, &public, &validation).unwrap().claims["sub"], "0oa1");
    }

    fn problem(jwk: &Value) -> InvalidKey {
        parse(&jwk.to_string()).err().expect("an error")
    }

    #[test]
    fn keys_of_each_kind_sign_for_their_public_half() {
        for (name, curve, algorithm) in CURVES {
            signs(&elliptic_jwk(name, curve), algorithm);
        }
        let mut rsa = rsa_jwk();
        signs(&rsa, Algorithm::RS256);
        rsa["alg"] = json!("RS512");
        signs(&rsa, Algorithm::RS512);
    }

    #[test]
    fn the_key_id_of_a_jwk_is_kept() {
        let mut jwk = elliptic_jwk(CURVES[0].0, CURVES[0].1);
        assert_eq!(parse(&jwk.to_string()).unwrap().id(), None);
        jwk["kid"] = json!("key-1");
        assert_eq!(parse(&jwk.to_string()).unwrap().id(), Some("key-1"));
    }

    #[test]
    fn what_is_no_private_jwk_is_named() {
        let elliptic = elliptic_jwk(CURVES[0].0, CURVES[0].1);
        let without = |member: &str| {
            let mut jwk = elliptic.clone();
            jwk.as_object_mut().unwrap().remove(member);
            problem(&jwk)
        };
        assert_eq!(without("d"), InvalidKey::PublicJwk);
        assert_eq!(without("x"), InvalidKey::JwkMember("x"));
        assert_eq!(without("kty"), InvalidKey::NotAJwk);
        assert_eq!(without("crv"), InvalidKey::OtherCurve);
        assert_eq!(problem(&json!({"kty": "oct", "k": "c2VjcmV0"})), InvalidKey::SymmetricJwk);
        assert_eq!(problem(&json!({"kty": "OKP", "crv": "Ed25519", "x": "eA", "d": "eA"})), InvalidKey::OtherKind);
        assert_eq!(problem(&json!({"id": "0oa1", "settings": {"oauthClient": {}}})), InvalidKey::OktaApp);
        assert_eq!(problem(&json!({"client_id": "0oa1", "jwks": {"keys": []}})), InvalidKey::OktaApp);
        assert_eq!(problem(&json!({"kty": "EC", "crv": "P-521", "d": "eA"})), InvalidKey::OtherCurve);
        assert_eq!(problem(&json!({"keys": [elliptic]})), InvalidKey::JwkSet);
        assert_eq!(problem(&json!({"kty": "RSA", "n": "eA", "e": "AQAB"})), InvalidKey::PublicJwk);
        assert_eq!(parse("{\"kty\": \"EC\", ").err(), Some(InvalidKey::NotJson));
        assert_eq!(parse("{kty:EC}").err(), Some(InvalidKey::NotJson));
        assert_eq!(parse("{\"kty\": \"EC\", \"d\": 7}").err(), Some(InvalidKey::NotAJwk));
    }

    #[test]
    fn members_that_do_not_belong_together_are_refused() {
        let (mut elliptic, other) = (elliptic_jwk(CURVES[0].0, CURVES[0].1), elliptic_jwk(CURVES[0].0, CURVES[0].1));
        elliptic["d"] = other["d"].clone();
        assert_eq!(problem(&elliptic), InvalidKey::DamagedJwk);
        elliptic["d"] = json!("not base64url!");
        assert_eq!(problem(&elliptic), InvalidKey::JwkMember("d"));
        let (whole, other) = (rsa_jwk(), rsa_jwk());
        for member in ["n", "d", "p", "q", "dp", "dq", "qi"] {
            let mut damaged = whole.clone();
            damaged[member] = other[member].clone();
            assert_eq!(problem(&damaged), InvalidKey::DamagedJwk, "{member}");
            damaged.as_object_mut().unwrap().remove(member);
            let missing = if member == "d" { InvalidKey::PublicJwk } else { InvalidKey::JwkMember(member) };
            assert_eq!(problem(&damaged), missing);
        }
    }
}

//! Where in an answer a hostile server reflects what it got: the rows of the table.

use serde_json::{Map, Value as Json, json};

use super::wire::Message;

/// One row, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All members of successful answers that are texts for people, in all answers of a run. Each is a row.
    Texts,
    /// A member of a successful answer whose value is compared, sent back or stored as it is.
    Member(&'static str),
    /// The name of a member that is not known, and of one whose value has the wrong type.
    MemberName,
    /// A success whose body ends within the credential.
    Cut,
    /// A page with a success.
    Page,
    /// A member of a refusal of Okta's or Druva's.
    Refusal(&'static str),
    /// A refusal whose body ends within the credential.
    RefusalCut,
    /// A page with a refusal.
    RefusalPage,
    /// The words of a challenge, with an empty body.
    Challenge,
    /// A header.
    Header(&'static str),
}

/// What makes a text of the next credential. It is told in which row the text counts.
pub type Reflect<'a> = &'a mut dyn FnMut(&str) -> String;

/// The texts of an installed integration, of a secret and of a link, which are told apart by a member that only they have.
const TEXTS: [(&str, &[&str]); 3] = [
    ("grantedScopes", &["name", "createdBy", "configGuideUrl", "createdAt"]),
    ("secret_hash", &["created"]),
    ("appStatus", &["appStatusReason", "storageRegion", "backupFrequency", "backupRetention", "addedOn", "lastBackup"]),
];
const MEMBERS: [&str; 16] = [
    "id",
    "type",
    "grantedScopes",
    "properties",
    "_links",
    "secret_hash",
    "status",
    "token_type",
    "scope",
    "expires_in",
    "oktaDomain",
    "clientId",
    "appStatus",
    "backupEnabled",
    "domains",
    "jobId",
];
const OKTA: [&str; 6] = ["errorSummary", "errorCode", "errorId", "errorCauses", "error", "error_description"];
const DRUVA: [&str; 4] = ["code", "message", "data.id", "Message"];
const HEADERS: [&str; 6] = ["X-Okta-Request-Id", "X-Request-Id", "Retry-After", "Date", "Location", "Link"];

impl Place {
    /// All that fit the answer of a server to one request, each of which is one case.
    pub fn of(side: &str, answer: &Message) -> Vec<Self> {
        let json: Option<Json> = serde_json::from_slice(&answer.body).ok();
        let has = |name: &&str| json.as_ref().is_some_and(|json| count(json, name) > 0);
        let mut places = vec![Self::Cut, Self::Page, Self::RefusalCut, Self::RefusalPage, Self::Challenge];
        places.extend(json.iter().map(|_| Self::MemberName));
        places.extend(MEMBERS.iter().filter(|name| has(name)).map(|name| Self::Member(name)));
        let refusals: &[&'static str] = if side == "okta" { &OKTA } else { &DRUVA };
        places.extend(refusals.iter().map(|name| Self::Refusal(name)));
        places.extend(HEADERS.map(Self::Header));
        places
    }

    /// In the table.
    pub fn row(self) -> String {
        match self {
            Self::Texts => "text of a success".to_owned(),
            Self::Member(name) => format!("value {name}"),
            Self::MemberName => "name of a member".to_owned(),
            Self::Cut => "cut success".to_owned(),
            Self::Page => "page with 200".to_owned(),
            Self::Refusal(name) => format!("refusal {name}"),
            Self::RefusalCut => "cut refusal".to_owned(),
            Self::RefusalPage => "page with 400".to_owned(),
            Self::Challenge => "WWW-Authenticate".to_owned(),
            Self::Header(name) => format!("header {name}"),
        }
    }

    /// Changes an answer.
    pub fn put(self, answer: &mut Message, reflect: Reflect<'_>) {
        let row = self.row();
        let refusal = |status, body: Json| Message::answer(status, body.to_string());
        match self {
            Self::Texts => change(answer, &mut |members| put_texts(members, reflect)),
            Self::Member(name) => change(answer, &mut |members| {
                if members.contains_key(name) {
                    members.insert(name.to_owned(), value(name, reflect(&row)));
                }
            }),
            Self::MemberName => change(answer, &mut |members| {
                members.insert(reflect(&row), json!(1));
                if members.contains_key("properties") {
                    members.insert("properties".to_owned(), json!({reflect(&row): 1}));
                }
                members.insert("id".to_owned(), json!({reflect(&row): [1]}));
            }),
            Self::Cut => *answer = Message::answer(200, cut("{\"id\":\"1\",\"clientSecret\":\"", &reflect(&row))),
            Self::Page => *answer = page(200, &reflect(&row)),
            Self::RefusalCut => *answer = Message::answer(400, cut("{\"errorSummary\":\"Not ", &reflect(&row))),
            Self::RefusalPage => *answer = page(400, &reflect(&row)),
            Self::Challenge => {
                *answer = Message::answer(401, "");
                let words = reflect(&row).replace('\\', "\\\\").replace('"', "\\\"");
                let challenge = format!("DPoP error=\"invalid {words}\", error_description=\"It was {words}.\"");
                answer.set_header("WWW-Authenticate", challenge);
            }
            Self::Refusal("errorCauses") => {
                let causes = (0..4).map(|_| json!({"errorSummary": format!("It was {}.", reflect(&row))}));
                let causes: Vec<Json> = causes.collect();
                *answer = refusal(400, json!({"errorCode": "E0000001", "errorSummary": "No.", "errorCauses": causes}));
            }
            Self::Refusal(name @ ("errorSummary" | "errorCode" | "errorId")) => {
                let mut body = json!({"errorCode": "E0000001", "errorSummary": "No.", "errorId": "oae1"});
                body[name] = reflect(&row).into();
                *answer = refusal(400, body);
            }
            Self::Refusal(name @ ("error" | "error_description")) => {
                let mut body = json!({"error": "invalid_request", "error_description": "No."});
                body[name] = reflect(&row).into();
                *answer = refusal(400, body);
            }
            Self::Refusal("data.id") => {
                *answer = refusal(409, json!({"code": "LINKED", "message": "No.", "data": {"id": reflect(&row)}}));
            }
            Self::Refusal("Message") => *answer = refusal(403, json!({"Message": reflect(&row)})),
            Self::Refusal(name) => {
                let mut body = json!({"code": "BAD", "message": "No."});
                body[name] = reflect(&row).into();
                *answer = refusal(400, body);
            }
            Self::Header(name @ ("X-Okta-Request-Id" | "X-Request-Id")) => {
                *answer = refusal(400, json!({"errorCode": "E0000001", "code": "BAD", "message": "No."}));
                answer.set_header(name, reflect(&row));
            }
            Self::Header("Retry-After") => {
                *answer = refusal(429, json!({"errorCode": "E0000047", "code": 429, "message": "Slowly."}));
                answer.set_header("Retry-After", reflect(&row));
            }
            Self::Header("Location") => {
                *answer = refusal(302, json!({}));
                answer.set_header("Location", format!("https://example.com/{}", reflect(&row)));
            }
            Self::Header("Link") => {
                let path = reflect(&row);
                answer.set_header("Link", format!("</{path}?after={path}>; rel=\"next\""));
            }
            Self::Header(name) => answer.set_header(name, reflect(&row)),
        }
    }
}

fn put_texts(members: &mut Map<String, Json>, reflect: Reflect<'_>) {
    for (mark, texts) in TEXTS {
        for text in texts.iter().filter(|_| members.contains_key(mark)).copied().collect::<Vec<_>>() {
            let text_of = |name: &str, reflect: Reflect<'_>| format!("It is {}.", reflect(&format!("text {name}")));
            let value = match text {
                "lastBackup" => {
                    json!({"status": text_of("lastBackup.status", reflect), "finishedOn": text_of("lastBackup.finishedOn", reflect)})
                }
                _ => text_of(text, reflect).into(),
            };
            members.insert(text.to_owned(), value);
        }
    }
}

fn value(name: &str, text: String) -> Json {
    match name {
        "grantedScopes" => json!(["okta.users.manage", text]),
        "properties" => json!({"region": text, "other": {"name": "other", "value": text}, "third": {"x": text}}),
        "_links" => json!({"client": {"href": format!("https://example.com/oauth2/v1/clients/{text}")}}),
        "domains" => json!({text: []}),
        _ => text.into(),
    }
}

fn cut(before: &str, text: &str) -> String {
    let half = text.chars().take(text.chars().count() / 2);
    before.chars().chain(half).collect()
}

fn page(status: u16, text: &str) -> Message {
    let mut page = Message::answer(status, format!("<html><p>Sign in: {text}</p></html>"));
    page.set_header("Content-Type", "text/html");
    page
}

/// Changes each object in the JSON of an answer.
fn change(answer: &mut Message, change: &mut dyn FnMut(&mut Map<String, Json>)) {
    fn walk(json: &mut Json, change: &mut dyn FnMut(&mut Map<String, Json>)) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
            Json::Object(members) => {
                members.values_mut().for_each(|member| walk(member, change));
                change(members);
            }
            _ => {}
        }
    }
    if let Ok(mut json) = serde_json::from_slice(&answer.body) {
        walk(&mut json, change);
        answer.body = json.to_string().into_bytes();
    }
}

/// How many objects have a member of this name.
fn count(json: &Json, name: &str) -> usize {
    match json {
        Json::Array(items) => items.iter().map(|item| count(item, name)).sum(),
        Json::Object(members) => {
            usize::from(members.contains_key(name)) + members.values().map(|member| count(member, name)).sum::<usize>()
        }
        _ => 0,
    }
}

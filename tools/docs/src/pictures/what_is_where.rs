//! What is where: the run with its state, Okta, Druva, and who talks to whom.

use crate::svg::{At, Svg};

pub fn draw() -> String {
    let title = "What is where: Terraform and the provider run on a machine of yours, and the state lies in your backend. The provider \
                 installs the integration in Okta and makes the link in Druva. Druva reads the Okta org by itself.";
    let mut svg = Svg::new(860, 400, title);

    svg.area([20, 20, 340, 360], "Your side");
    svg.node([40, 60, 300, 58], "line", &["Configuration", "scopes, switches; no secret"]);
    svg.node([40, 152, 130, 76], "line", &["Terraform", "plans, applies"]);
    svg.node([210, 152, 130, 76], "main", &["Provider", "runs in each run,", "keeps nothing"]);
    svg.node([40, 286, 300, 76], "warn", &["State", "ids, scopes, hashes,", "by default the client secret"]);
    svg.arrow("line", &[(105, 118), (105, 150)]);
    svg.arrow("line", &[(170, 190), (208, 190)]);
    svg.arrow("line", &[(105, 228), (105, 284)]);

    svg.area([580, 20, 260, 150], "Okta org");
    svg.node([600, 60, 220, 92], "line", &["API service integration", "granted scopes,", "one or two client secrets"]);

    svg.area([580, 230, 260, 150], "Druva cloud");
    svg.node([600, 270, 220, 92], "line", &["Link", "client id and secret,", "status, switches"]);

    svg.arrow("main", &[(340, 176), (400, 176), (400, 106), (598, 106)]);
    svg.text(412, 78, "b", At::Left, "install, mint, retire");
    svg.text(412, 96, "dim", At::Left, "Okta's published API");
    svg.arrow("main", &[(340, 204), (400, 204), (400, 316), (598, 316)]);
    svg.text(412, 288, "b", At::Left, "link, re-authorize");
    svg.text(412, 306, "dim", At::Left, "an API that is assumed");

    svg.arrow("good", &[(710, 268), (710, 154)]);
    svg.text(722, 205, "good b", At::Left, "reads, backs up");
    svg.finish()
}

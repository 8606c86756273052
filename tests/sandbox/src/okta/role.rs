//! Admin roles and how Okta shows an assignment of one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// `RoleType` of the published API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleType {
    AccessCertificationsAdmin,
    AccessRequestsAdmin,
    ApiAccessManagementAdmin,
    AppAdmin,
    Custom,
    GroupMembershipAdmin,
    HelpDeskAdmin,
    OrgAdmin,
    ReadOnlyAdmin,
    ReportAdmin,
    SuperAdmin,
    UserAdmin,
    WorkflowsAdmin,
}

impl RoleType {
    fn label(self) -> &'static str {
        match self {
            Self::AccessCertificationsAdmin => "Access Certifications Administrator",
            Self::AccessRequestsAdmin => "Access Requests Administrator",
            Self::ApiAccessManagementAdmin => "API Access Management Administrator",
            Self::AppAdmin => "Application Administrator",
            Self::Custom => "Custom Administrator",
            Self::GroupMembershipAdmin => "Group Membership Administrator",
            Self::HelpDeskAdmin => "Help Desk Administrator",
            Self::OrgAdmin => "Organization Administrator",
            Self::ReadOnlyAdmin => "Read-only Administrator",
            Self::ReportAdmin => "Report Administrator",
            Self::SuperAdmin => "Super Administrator",
            Self::UserAdmin => "Group Administrator",
            Self::WorkflowsAdmin => "Workflows Administrator",
        }
    }

    /// A custom role and the three IAM-based standard roles are shown as bindings of a role to a resource set.
    fn is_binding(self) -> bool {
        matches!(
            self,
            Self::AccessCertificationsAdmin | Self::AccessRequestsAdmin | Self::WorkflowsAdmin | Self::Custom
        )
    }

    /// `StandardRole` or `CustomRole`, assigned to a USER or a CLIENT.
    pub fn assignment(self, base: &str, assignment_type: &str, assignee: &str) -> Value {
        // Roles are settings here, not objects with a life: their ids and dates need not change.
        let created = "2023-05-01T14:24:54.000Z";
        let mut shown = json!({
            "id": "JBCUYUC7IRCVGS27IFCE2SKO",
            "label": self.label(),
            "type": self,
            "status": "ACTIVE",
            "created": created,
            "lastUpdated": created,
            "assignmentType": assignment_type,
            "_links": {"assignee": {"href": assignee}},
        });
        if self.is_binding() {
            let (member, role, set) = ("irb4ey26fpFI3vQ8y0g7", "cr04cxy6yzSCtNciD0g7", "iam4cxy6z7hhaZCSk0g7");
            let iam = format!("{base}/api/v1/iam");
            shown["id"] = member.into();
            shown["role"] = role.into();
            shown["resource-set"] = set.into();
            let links = &mut shown["_links"];
            links["role"] = json!({"href": format!("{iam}/roles/{role}")});
            links["resource-set"] = json!({"href": format!("{iam}/resource-sets/{set}")});
            links["permissions"] = json!({"href": format!("{iam}/roles/{role}/permissions")});
            links["member"] = json!({"href": format!("{iam}/resource-sets/{set}/bindings/{role}/members/{member}")});
        }
        shown
    }
}

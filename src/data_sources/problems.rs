//! What can go wrong with a data source, and with a function.

use terraform_plugin::problems;

problems! {
    Error id_and_type(): "An id and a type" {
        cause: "Both id and type say which integration is meant.",
        cure: "Leave exactly one.",
    }
    Error id_and_domain(): "An id and a domain" {
        cause: "Both id and okta_domain say which link is meant.",
        cure: "Leave exactly one.",
    }
    Error neither_id_nor_domain(): "Neither an id nor a domain" {
        cause: "A data source does not say which link is meant, and the provider block names no org.",
        cure: "Set okta_domain or id in the data source, or okta.org_url in the provider block.",
    }
    Error several_of_this_type(): "Several integrations of this type" {
        cause: "A data source looks for the one integration of a type, and the org has several.",
        cure: "Choose one by its id: the message lists them. Druva needs one only, so consider removing the others.",
    }
    Error no_groups(): "No groups of scopes" {
        cause: "groups is empty or holds a null, which may be meant for all groups or for none.",
        cure: "Leave it out for all groups, or name some.",
    }
    Error unknown_access(): "Unknown access" {
        cause: "access is neither \"manage\" nor \"read\".",
        cure: "Give one of the two, or leave the argument out for both.",
    }
    Error unknown_group(): "Unknown group of scopes" {
        cause: "Druva's documentation has no group of scopes by this name.",
        cure: "Give one of the names that the message lists.",
    }
}

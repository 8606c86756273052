//! What can go wrong with an integration.

use terraform_plugin::problems;

problems! {
    Error no_scopes(): "No scopes" {
        cause: "granted_scopes is an empty set, and an integration without scopes can do nothing.",
        cure: "Leave the argument out to grant the scopes that Druva documents.",
    }
    Error not_a_scope(): "Not an Okta scope" {
        cause: "granted_scopes holds a text that is not written like a scope.",
        cure: "Write scopes as in \"okta.users.manage\" or \"okta.users.read\".",
    }
    Warning unlisted_scopes(): "A scope is in no list of Okta's scopes" {
        cause: "granted_scopes holds a scope that neither Okta's published API nor Druva's documentation names. The lists are not \
                complete, so this is no error.",
        cure: "Correct the name: the message has the nearest one that is known. If it is right, apply.",
    }
    Error no_property_value(): "Property without a value" {
        cause: "A value in properties is null.",
        cure: "Give the property a value, or leave it out.",
    }
    Error still_unknown(): "An argument is still unknown" {
        cause: "Terraform applied before all values were known.",
        cure: "Apply again, and report it if it stays.",
    }
    Error installed_already(): "Okta already has this integration" {
        cause: "The org has an integration of this type, or Druva's by its name where type is not set. This resource did \
            not install it. Another state or workspace manages it, somebody installed it by hand, an interrupted run left \
            it, or create_before_destroy is set without allow_second_installation.",
        cure: "If another state or workspace manages it, remove this resource. Otherwise set adopt_existing = true, or \
            import it. The message lists what is there, and has the commands.",
    }
    Error adopts_and_installs(): "Adopting and installing beside it exclude each other" {
        cause: "adopt_existing and allow_second_installation are both true. The first takes over the integration that \
            exists. The second installs another one beside it.",
        cure: "Leave one of the two out.",
    }
    Warning beside_another(): "Another integration is installed beside one that exists" {
        cause: "allow_second_installation is true, and the org has an integration of this type. The plan may be a \
            replacement, or an interrupted run may have left the other one.",
        cure: "If the plan is a replacement, do nothing. Otherwise import the other one: the message has the command. Or \
            remove what is not linked in Druva.",
    }
    Warning no_access_meanwhile(): "Druva has no access while the integration is replaced" {
        cause: "The plan removes the integration and installs another one, because Okta cannot change an installed one.",
        cure: "Set allow_second_installation = true and lifecycle { create_before_destroy = true }. Then the new one is \
            installed first. See the guide on changing scopes.",
    }
    Error just_adopted(): "An integration that was just taken over is not removed" {
        cause: "adopt_existing and create_before_destroy are set, so the replacement took over the integration that it \
            replaces. Or one resource took over what another one removes.",
        cure: "Take it out of the state before the next apply, with the commands that the message gives.",
    }
    Error to_be_written_out(): "The configuration does not say how to install this integration anew" {
        cause: "The plan replaces the integration, and the configuration leaves out type, granted_scopes or properties, \
            which are not the defaults. The new integration would get the defaults.",
        cure: "Write the lines that the message gives into the resource, and apply again.",
    }
    Error planned_for_another_org(): "The plan was made for another Okta org" {
        cause: "The provider is configured for another org than when the plan was made. Terraform before 1.16 and OpenTofu say \
                \"Provider produced inconsistent final plan\" instead.",
        cure: "Set okta.org_url or OKTA_ORG_URL to the org that is meant, and plan again.",
    }
    Error not_as_configured(): "The existing integration is not the configured one" {
        cause: "adopt_existing is set, and the integration in the org has other scopes or properties than the \
            configuration. Okta cannot change them.",
        cure: "Configure what it has, or remove it in Okta and let Terraform install it.",
    }
    Warning taken_over(): "An integration that exists is taken over" {
        cause: "adopt_existing is set, and the org has the integration. The plan shows a creation, and installs nothing.",
        cure: "Apply if that is what you want; otherwise leave adopt_existing out.",
    }
    Error granted_otherwise(): "Okta granted something else than asked for" {
        cause: "The integration is installed, and Okta gave it other scopes or properties than the configuration has.",
        cure: "Configure what Okta grants, or ask Okta why it grants something else. The next apply installs it anew.",
    }
    Warning more_than_once(): "The org has this integration more than once now" {
        cause: "Somebody installed the same integration at the same moment, perhaps another apply.",
        cure: "Remove the one that is not linked in Druva, and run the applies of one org one after the other.",
    }
    Warning secret_id_unknown(): "The secret's id is not known yet" {
        cause: "The integration is installed, and Okta's list of its secrets could not be read.",
        cure: "Nothing needs to be done: the next plan or apply reads it again.",
    }
    Warning dead_secret(): "The client secret no longer works" {
        cause: "Somebody deactivated or deleted the secret in Okta.",
        cure: "If another state or workspace manages the integration too, stop: one of them must give it up. Otherwise \
            apply. The provider mints a new secret, and re-authorizes the link with it. Find out who did it.",
    }
    Warning without_secret(what): "The {what} integration has no client secret" {
        cause: "Okta shows a client secret once, so an import or a move cannot bring it. A link that exists keeps working.",
        cure: "Set rotate_when_changed to get a secret of your own, or leave it as it is.",
    }
    Error other_org(): "The integration lives in another org" {
        cause: "The provider is configured for another org than the one where the integration was installed. Or an import \
            by identity names another org.",
        cure: "Set okta.org_url back, or take the resource out of the state with terraform state rm.",
    }
    Warning not_installed(): "The integration does not seem to be installed" {
        cause: "Okta's list of integrations does not have it.",
        cure: "Apply again: the provider looks first, and installs no second one. If Okta was slow, wait some minutes \
            before that, because it may still be at work.",
    }
    Warning unknown_whether_installed(): "It is not known whether the integration was installed" {
        cause: "Okta's answer got lost, and Okta could not be asked afterwards.",
        cure: "Apply again: the provider looks first, and installs no second one.",
    }
    Error there_now(): "The org has this integration now" {
        cause: "Okta's answer got lost. The org has an integration now, and nothing tells whether this apply or somebody \
            else installed it.",
        cure: "If nothing else manages it, set adopt_existing = true, or import it. The message lists what is there.",
    }
    Warning installed_all_the_same(): "Okta's answer got lost, and the integration is installed" {
        cause: "The integration is installed, and as far as the provider can tell this apply did it. So the apply went on.",
        cure: "Do nothing, unless another apply with the same credential ran at that moment. If there is no link, delete \
            the lost secret that the message names.",
    }
}

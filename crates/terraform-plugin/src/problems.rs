//! What can be wrong with the arguments and the state of any resource.

use crate::catalog::problems;

problems! {
    Error invalid_value(argument): "Invalid value of {argument}" {
        cause: "An argument has a value that no provider can use, such as a number with a fraction, or one too large.",
        cure: "Give a value of the type that the argument's description names.",
    }
    Error invalid_duration(): "Invalid duration" {
        cause: "A duration has no unit, a unit that is not known, is zero or is longer than a year.",
        cure: "Write a number with a unit, as in \"90s\", \"10m\" or \"1h30m\".",
    }
    Error read_only(): "Read-only attribute" {
        cause: "The configuration gives a value to an attribute whose value comes from the provider.",
        cure: "Leave the attribute out of the configuration.",
    }
    Error unreadable(what): "The {what} could not be read" {
        cause: "What Terraform sent or stored is not what this version of the provider expects: another version wrote it, or \
            somebody edited the state.",
        cure: "Use the version of the provider that wrote the state, or a newer one. An edited state can be restored from its \
            backup.",
    }
    Error newer_state(): "The state was written by a newer version of the provider" {
        cause: "The state has a later version of the resource's schema than this version of the provider knows.",
        cure: "Use the newer version of the provider: look at the version constraint and at .terraform.lock.hcl, and run \
            terraform init -upgrade.",
    }
    Error not_encoded(): "The provider could not encode its answer" {
        cause: "This is a mistake in the provider.",
        cure: "Please report it, with the log of TF_LOG_PROVIDER=debug.",
    }
    Error incomplete_identity(): "The identity is incomplete" {
        cause: "An import by identity does not give an attribute that says which object is meant.",
        cure: "Add the attribute that the message names.",
    }
    Error cannot_move(): "Nothing can be moved from there" {
        cause: "A moved block names a resource type that this resource cannot take over.",
        cure: "Import the object instead, and take the old resource out of the state with a removed block.",
    }
}

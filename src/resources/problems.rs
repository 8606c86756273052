//! What can go wrong with either resource: values that are not known yet, and rotations of what is not there.

use terraform_plugin::problems;

problems! {
    Warning unknown_for_now(argument): "Value of {argument} is not known yet" {
        cause: "An argument whose change replaces the object is known only at apply, often because of depends_on on a \
            module. The plan assumes that it does not change.",
        cure: "If the value stays the same, do nothing. If Terraform stops because it changed, type terraform apply \
            -replace=ADDRESS.",
    }
    Error turned_out_otherwise(): "An argument that was unknown at plan has changed" {
        cause: "An argument was not known at plan, and has another value at apply, which replaces the object. Terraform \
            before 1.16 and OpenTofu say \"Provider produced inconsistent final plan\" instead.",
        cure: "Type terraform apply -replace=ADDRESS.",
    }
    Error nothing_to_rotate(): "Nothing to rotate" {
        cause: "rotate_when_changed is set on a resource that holds no secret of its own.",
        cure: "Set it where the secret is made: on the druva_okta_integration that stores it, or on the druva_okta_link with \
               mint_client_secret = true.",
    }
}

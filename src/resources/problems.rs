//! What can go wrong with either resource: values that are not known yet, and rotations of what is not there.

use terraform_plugin::problems;

problems! {
    Warning unknown_for_now(argument): "Value of {argument} is not known yet" {
        cause: "The value of an argument that would replace the object is only known at apply: often because of depends_on on a \
                module. The plan takes it for unchanged.",
        cure: "Nothing needs to be done if the value stays the same. If Terraform stops because it is another one, type terraform \
               apply -replace=ADDRESS.",
    }
    Error turned_out_otherwise(): "An argument turned out to be another one" {
        cause: "It was not known at plan, was taken for unchanged, and is another one, which means to replace the object. Terraform \
                before 1.16 and OpenTofu say \"Provider produced inconsistent final plan\" instead.",
        cure: "Type terraform apply -replace=ADDRESS.",
    }
    Error nothing_to_rotate(): "Nothing to rotate" {
        cause: "rotate_when_changed is set on a resource that holds no secret of its own.",
        cure: "Set it where the secret is made: on the druva_okta_integration that stores it, or on the druva_okta_link with \
               mint_client_secret = true.",
    }
}

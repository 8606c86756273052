//! What can go wrong between Terraform and any provider.

use crate::catalog::problems;

problems! {
    Error no_write_only(): "This Terraform knows no write-only attributes" {
        cause: "The configuration uses a write-only attribute, and the program that reads it would store the value.",
        cure: "Use Terraform 1.11 or OpenTofu 1.11 or newer, or one of the resource's other ways to give the value.",
    }
    Error not_offered(what, name): "The provider has no {what} {name}" {
        cause: "The state or the configuration has something that this version of the provider does not know.",
        cure: "Use the version of the provider that has it, or take it out: a resource with terraform state rm.",
    }
    Error state_too_old(): "The stored state is too old" {
        cause: "The state was written by Terraform 0.11 or older, before this provider existed.",
        cure: "Take the resource out of the state with terraform state rm, and import it again.",
    }
    Error unreadable_identity(): "The stored identity could not be read" {
        cause: "The state has an identity of the resource that this version of the provider does not know.",
        cure: "Use the version of the provider that wrote it. Or remove the resource from the state with terraform state rm, and \
            import it again.",
    }
    Error left_unknown(): "The provider left values unknown" {
        cause: "After a change the provider did not know a value that it had promised. This is a mistake in the provider.",
        cure: "Please report it, with the names of the values. What the change did is in the state.",
    }
    Error said_nothing(doing): "The provider said nothing after {doing}" {
        cause: "An operation gave neither a result nor an error. This is a mistake in the provider.",
        cure: "Please report it. What Terraform knew before is kept.",
    }
    Error panicked(doing): "The provider panicked while {doing}" {
        cause: "This is a mistake in the provider.",
        cure: "Please report it, with the place in the source that the message names. What Terraform knew before \
            is kept, and so is what the provider had noted by then: apply again.",
    }
    Error nothing_to_do(): "There is nothing to do" {
        cause: "Terraform asked for a change from nothing to nothing.",
        cure: "Please report it, with the version of Terraform or OpenTofu.",
    }
    Fatal not_started_by_terraform(): "Terraform starts this program; there is nothing to do by hand." {
        cause: "Somebody started the provider by hand, so that what Terraform says to a provider that it starts is missing.",
        cure: "Run terraform init, plan and apply in a folder with a configuration. To debug the provider, start it with \
            --debug.",
    }
    Fatal other_protocol(versions): "this provider speaks protocol 6, and what started it speaks {versions} only: use \
        Terraform 1.6 or newer"
    {
        cause: "Terraform is too old for this provider.",
        cure: "Use Terraform 1.6 or newer, or OpenTofu.",
    }
    Fatal not_text(variable): "{variable} is not text" {
        cause: "A variable that Terraform sets for its providers holds something else.",
        cure: "Unset the variable where Terraform is started: Terraform sets it itself.",
    }
    Fatal not_a_port(variable): "{variable} is not a port" {
        cause: "PLUGIN_MIN_PORT or PLUGIN_MAX_PORT holds something else than a port.",
        cure: "Unset the variable where Terraform is started, or give a number from 0 to 65535.",
    }
    Fatal not_a_certificate(): "PLUGIN_CLIENT_CERT is not one certificate in PEM" {
        cause: "The variable in which Terraform gives its certificate to a provider holds something else.",
        cure: "Unset the variable where Terraform is started: Terraform sets it itself.",
    }
    Fatal no_tls(reason): "TLS cannot be set up: {reason}" {
        cause: "The provider could not make the certificate with which Terraform recognizes it.",
        cure: "Run the command again, and report it if it stays.",
    }
    Fatal no_connection(reason): "the connection to Terraform cannot be set up: {reason}" {
        cause: "The provider could not make its socket. The message says why, for each folder that was tried: the one that \
            PLUGIN_UNIX_SOCKET_DIR names and no other, or else TMPDIR, XDG_RUNTIME_DIR and /tmp. The folder is missing, full or \
            read-only, its path is longer than 84 bytes, or other users could replace what is in it. On Windows, no \
            port is free.",
        cure: "Let TMPDIR name a folder with a short path that can be written to, and unset PLUGIN_UNIX_SOCKET_DIR or do the \
            same there; on Windows, let PLUGIN_MIN_PORT and PLUGIN_MAX_PORT leave room.",
    }
    Fatal connection_failed(reason): "the connection to Terraform failed: {reason}" {
        cause: "The connection between Terraform and the provider broke in the middle of a run.",
        cure: "Run the command again, and report it if it stays.",
    }
    Fatal panicked_at_start(place): "the provider panicked at {place}, which is a mistake in it: please report it" {
        cause: "This is a mistake in the provider.",
        cure: "Please report it, with the place in the source that the message names.",
    }
}

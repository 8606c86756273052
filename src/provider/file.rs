//! Files that an argument names.

use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::redaction::redact;

/// In bytes. The CA certificates of a whole system are a quarter of a megabyte.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// What a file holds. It may be a key, and the path may be that of a pipe or of a device, or begin with `~/`.
///
/// # Errors
/// Those of the system; also where it is no regular file, or too large.
pub(super) fn read(path: &str) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let path = in_home(path).unwrap_or_else(|| path.into());
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(&path)?.is_file() {
        return Err(Error::other("it is not a regular file"));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    std::fs::File::open(&path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Why a file cannot be read, with the folder where it was looked for.
pub(super) fn explain(path: &str, error: &Error) -> String {
    match std::env::current_dir() {
        Ok(folder) if Path::new(path).is_relative() && !path.starts_with('~') => {
            format!("{error}. A relative path begins in the folder where Terraform runs, {}.", folder.display())
        }
        _ => format!("{error}."),
    }
}

/// Whether a text without a file of that name may be shown: it is a path, and not a part of a key.
pub(super) fn is_surely_path(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || b"/_-".contains(&byte);
    let is_path = text.starts_with(['/', '~']) || text.contains('.') || text.bytes().all(is_word);
    is_path && redact(text) == text
}

/// The path as a shell reads it.
pub(super) fn in_shell(path: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~+:".contains(&byte) || (cfg!(windows) && byte == b'\\');
    if path.bytes().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// The path in the home folder that `~/` stands for, as in a shell.
fn in_home(path: &str) -> Option<PathBuf> {
    let rest = path.strip_prefix("~/").or_else(|| path.strip_prefix(r"~\").filter(|_| cfg!(windows)))?;
    Some(std::env::home_dir()?.join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_part_of_a_key_is_no_path() {
        for path in
            ["/run/secrets/okta", "~/keys/Okta.pem", "key.pem", "keys/okta", "C:\\keys\\okta.pem", "/Users/Ada/k"]
        {
            assert!(is_surely_path(path), "{path}");
        }
        let random = "q8Zr3Lw0Xk2Tn7Vb5Mc9Yd1Hf6Jg4Sp8Ra2Ue3Wi7Qo5";
        for text in [random, "00Zr3Lw0Xk2Tn7Vb", "aGk3/Zr3Lw0Xk2", &format!("/{random}"), &format!("{random}.{random}")]
        {
            assert!(!is_surely_path(text), "{text}");
        }
    }

    #[test]
    fn a_path_is_quoted_where_a_shell_would_take_it_apart() {
        for (path, quoted) in [
            ("~/keys/okta-1.pem", "~/keys/okta-1.pem"),
            ("my keys/okta.pem", "'my keys/okta.pem'"),
            ("ada's.pem", r"'ada'\''s.pem'"),
            // A shell of Unix takes the signs away.
            (r"C:\keys\okta.pem", if cfg!(windows) { r"C:\keys\okta.pem" } else { r"'C:\keys\okta.pem'" }),
            ("$(x).pem", "'$(x).pem'"),
        ] {
            assert_eq!(in_shell(path), quoted);
        }
    }

    #[test]
    fn the_home_folder_is_where_a_shell_has_it() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(in_home("~/keys/okta.pem"), Some(home.join("keys/okta.pem")));
        assert_eq!(in_home(r"~\keys\okta.pem"), cfg!(windows).then(|| home.join(r"keys\okta.pem")));
        for path in ["~", "~ada/okta.pem", "/~/okta.pem", "okta.pem~/"] {
            assert_eq!(in_home(path), None, "{path}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(LARGEST_FILE + 1).unwrap();
        let path = file.path().to_str().unwrap();
        assert_eq!(read(path).unwrap_err().kind(), ErrorKind::FileTooLarge);
        file.as_file().set_len(LARGEST_FILE).unwrap();
        assert_eq!(read(path).unwrap().len() as u64, LARGEST_FILE);
    }
}

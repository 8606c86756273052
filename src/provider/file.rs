//! Files that an argument names.

use std::io::Read;

use zeroize::Zeroizing;

/// In bytes. The CA certificates of a whole system are a quarter of a megabyte.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// What a file holds. It may be a key, and the path may be that of a pipe or of a device.
///
/// # Errors
/// Those of the system; also where it is no regular file, or too large.
pub(super) fn read(path: &str) -> std::io::Result<Zeroizing<Vec<u8>>> {
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(LARGEST_FILE + 1).unwrap();
        let path = file.path().to_str().unwrap();
        assert_eq!(read(path).unwrap_err().kind(), std::io::ErrorKind::FileTooLarge);
        file.as_file().set_len(LARGEST_FILE).unwrap();
        assert_eq!(read(path).unwrap().len() as u64, LARGEST_FILE);
    }
}

//! Makes the recording of the demo from what it printed: `tools/demo | recording`. `make recording` runs it.

use std::io::{Error, Read as _};

use druva_docs::recording;

fn main() -> Result<(), Error> {
    let mut printed = String::new();
    std::io::stdin().read_to_string(&mut printed)?;
    std::fs::write(recording::PATH, recording::svg(&printed))
}

//! The end point that Terraform connects to: one that no other user of the machine can open.

#[cfg(unix)]
pub(super) use unix::{Listener, Stream};
#[cfg(windows)]
pub(super) use windows::{Listener, Stream};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use tempfile::TempDir;
    use tokio::net::{UnixListener, UnixStream};

    pub(in crate::plugin) type Stream = UnixStream;

    /// A unix socket in a folder of its own. Both are removed when this is dropped.
    pub(in crate::plugin) struct Listener {
        listener: UnixListener,
        folder: TempDir,
    }

    impl Listener {
        pub const NETWORK: &'static str = "unix";
        const SOCKET: &'static str = "socket";

        /// Listens in a fresh folder inside of `parent`.
        pub fn bind(parent: &Path) -> io::Result<Self> {
            let folder = tempfile::Builder::new()
                .prefix("plugin")
                .permissions(std::fs::Permissions::from_mode(0o700))
                .tempdir_in(parent)?;
            let path = folder.path().join(Self::SOCKET);
            // The folder keeps others out from the first moment; the socket's own mode is the second bolt.
            let listener = UnixListener::bind(&path)?;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
            Ok(Self { listener, folder })
        }

        pub fn address(&self) -> io::Result<String> {
            let path = self.folder.path().join(Self::SOCKET);
            path.into_os_string().into_string().map_err(|path| {
                io::Error::new(io::ErrorKind::InvalidInput, format!("the socket's path {} is not text", path.display()))
            })
        }

        pub async fn accept(&self) -> io::Result<Stream> {
            self.listener.accept().await.map(|(stream, _)| stream)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[tokio::test]
        async fn only_the_owner_can_open_it_and_it_leaves_nothing_behind() {
            let parent = tempfile::tempdir().expect("a folder");
            let listener = Listener::bind(parent.path()).expect("listens");
            let socket = std::path::PathBuf::from(listener.address().expect("text"));
            let mode = |path: &Path| std::fs::metadata(path).expect("exists").permissions().mode() & 0o777;
            assert_eq!((mode(&socket), mode(socket.parent().expect("a folder"))), (0o600, 0o700));
            drop(listener);
            assert_eq!(std::fs::read_dir(parent.path()).expect("a folder").count(), 0);
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::net::Ipv4Addr;
    use std::ops::RangeInclusive;

    use tokio::net::{TcpListener, TcpStream};

    pub(in crate::plugin) type Stream = TcpStream;

    /// A TCP port on loopback. Any user of the machine can open it: TLS with Terraform's own certificate is the lock.
    pub(in crate::plugin) struct Listener(TcpListener);

    impl Listener {
        pub const NETWORK: &'static str = "tcp";

        /// Listens on the first port of `ports` that is free.
        pub async fn bind(ports: RangeInclusive<u16>) -> io::Result<Self> {
            for port in ports {
                if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                    return Ok(Self(listener));
                }
            }
            Err(io::Error::new(io::ErrorKind::AddrInUse, "no port between PLUGIN_MIN_PORT and PLUGIN_MAX_PORT is free"))
        }

        pub fn address(&self) -> io::Result<String> {
            self.0.local_addr().map(|address| address.to_string())
        }

        pub async fn accept(&self) -> io::Result<Stream> {
            self.0.accept().await.map(|(stream, _)| stream)
        }
    }
}

//! The end point that Terraform connects to: one that no other user of the machine can open.

#[cfg(unix)]
pub(super) use unix::{Listener, Stream};
#[cfg(windows)]
pub(super) use windows::{Listener, Stream};

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::io;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use tokio::net::{UnixListener, UnixStream};

    use crate::server::leftovers;
    use crate::server::socket_folder::{Parent, SocketFolder, first_that_works};

    pub(in crate::server) type Stream = UnixStream;

    /// A unix socket in a folder of its own. Both are removed when this is dropped.
    pub(in crate::server) struct Listener {
        listener: UnixListener,
        folder: SocketFolder,
    }

    impl Listener {
        pub const NETWORK: &'static str = "unix";

        /// Listens in a fresh folder inside of the first of `parents` where that works.
        pub fn bind(parents: &[Parent]) -> io::Result<Self> {
            first_that_works(parents, Self::bind_in)
        }

        fn bind_in(parent: &Path) -> io::Result<Self> {
            let folder = SocketFolder::make_in(parent)?;
            let path = folder.socket();
            let listener = UnixListener::bind(&path)?;
            // The folder keeps others out already.
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            Ok(Self { listener, folder })
        }

        /// Removes what killed processes left where this one has its folder.
        pub fn remove_leftovers(&self) {
            if let Some(parent) = self.folder.parent() {
                leftovers::remove(parent);
            }
        }

        pub fn address(&self) -> io::Result<String> {
            let path = self.folder.socket();
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
            let listener = Listener::bind_in(parent.path()).expect("listens");
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

    pub(in crate::server) type Stream = TcpStream;

    /// A TCP port on loopback. Any user of the machine can open it: TLS with Terraform's own certificate is the lock.
    pub(in crate::server) struct Listener(TcpListener);

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

        /// A port leaves nothing behind.
        pub fn remove_leftovers(&self) {}

        pub fn address(&self) -> io::Result<String> {
            self.0.local_addr().map(|address| address.to_string())
        }

        pub async fn accept(&self) -> io::Result<Stream> {
            self.0.accept().await.map(|(stream, _)| stream)
        }
    }
}

//! Keeping others out of this process's memory, in which secrets live for a while.
//!
//! Secrets are overwritten when they are dropped, by their types and, for the copies that libraries make, by the
//! allocator. What is left is kept from core dumps and from debuggers of the same user.

use zeroizing_alloc::ZeroAlloc;

/// Overwrites what is freed: buffers of HTTP, TLS, JSON and gRPC held secrets too.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Switches core dumps off, and on Linux makes the process unreadable for other processes of the same user. Where the
/// system refuses, the provider works all the same.
pub fn protect() {
    #[cfg(unix)]
    {
        let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
}

//! Keeping others out of this process's memory, in which secrets live for a while.
//!
//! Secrets are overwritten when they are dropped, by their types and, for the copies that libraries make, by the
//! allocator. What is left is kept from core dumps and from debuggers of the same user.

use zeroizing_alloc::ZeroAlloc;

/// Overwrites what is freed: buffers of HTTP, TLS, JSON and gRPC held secrets too.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Switches core dumps off. Where the system refuses, the provider works all the same.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // No core file is as small as one byte. Linux does not hold a limit of zero against a core that it hands to a
        // program, such as systemd-coredump; of one byte it does.
        let bytes = if cfg!(target_os = "linux") { 1 } else { 0 };
        // Refused only where the limit is zero already.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(bytes), maximum: Some(bytes) });
    }
}

/// On Linux, makes the process unreadable for other processes of the same user, debuggers among them.
pub fn keep_others_out() {
    #[cfg(target_os = "linux")]
    {
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
}

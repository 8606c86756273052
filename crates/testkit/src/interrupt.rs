//! Interrupts one process, as a terminal interrupts all of its own.

use std::process::{Child, Command};

/// Ctrl-C.
#[cfg(unix)]
pub fn send(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    kill_process(Pid::from_child(child), Signal::INT).expect("is alive");
}

/// Ctrl-Break: what Windows sends to one group of a console's processes, of which this child is one.
#[cfg(windows)]
#[allow(unsafe_code, reason = "a function of the system, which has no safe one")]
pub fn send(child: &Child) {
    use windows_sys::Win32::System::Console::{CTRL_BREAK_EVENT, GenerateConsoleCtrlEvent};
    let sent = unsafe { GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, child.id()) };
    assert!(sent != 0, "{}", std::io::Error::last_os_error());
}

/// Has a command start a process that [`send`] can interrupt alone.
#[cfg(unix)]
pub fn alone(command: &mut Command) -> &mut Command {
    command
}

/// Has a command start a process that [`send`] can interrupt alone.
#[cfg(windows)]
pub fn alone(command: &mut Command) -> &mut Command {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP)
}

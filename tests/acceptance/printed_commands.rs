//! The commands that messages print for the user to type: read from what Terraform printed, and typed.

use crate::lab::{INTEGRATION, Lab};
use crate::printed::Printed;

/// One of Terraform's diagnostics.
#[derive(Debug)]
struct Message {
    is_error: bool,
    /// The resource that stands after "with".
    address: Option<String>,
    lines: Vec<String>,
}

/// What a message has in the place of a resource's address.
const PLACEHOLDERS: [&str; 2] = ["<ADDRESS>", "ADDRESS"];
/// A message that names the link, and means the integration that it uses.
const OF_INTEGRATION: &str = "ADDRESS is that of the druva_okta_integration";

impl Printed {
    /// The commands in all messages, complete with the addresses of the resources that they are about.
    pub fn commands(&self) -> Vec<String> {
        self.messages().iter().flat_map(Message::commands).collect()
    }

    /// Those of [`Self::commands`] that stand in errors.
    pub fn commands_of_errors(&self) -> Vec<String> {
        self.messages().iter().filter(|message| message.is_error).flat_map(Message::commands).collect()
    }

    fn messages(&self) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        for line in self.text.lines() {
            // Terraform draws a line on the left of each message, which has nothing to do with its text.
            let line = line.strip_prefix("│ ").unwrap_or(line);
            if line.starts_with("Error: ") || line.starts_with("Warning: ") {
                let is_error = line.starts_with("Error");
                messages.push(Message { is_error, address: None, lines: Vec::new() });
            }
            let Some(message) = messages.last_mut() else { continue };
            if let Some(address) = line.strip_prefix("  with ").and_then(|line| line.split([',', ' ']).next()) {
                message.address.get_or_insert_with(|| address.to_owned());
            }
            message.lines.push(line.to_owned());
        }
        messages
    }
}

impl Message {
    fn commands(&self) -> Vec<String> {
        let mut commands = Vec::new();
        let mut before = String::new();
        for line in &self.lines {
            match line.strip_prefix("  ").map(str::trim_start).filter(|line| line.starts_with("terraform ")) {
                Some(command) => commands.push(self.complete(command, &before)),
                None => before = before + " " + line.trim(),
            }
        }
        commands
    }

    fn complete(&self, command: &str, before: &str) -> String {
        let Some(placeholder) = PLACEHOLDERS.iter().find(|placeholder| command.contains(**placeholder)) else {
            return command.to_owned();
        };
        let of_integration = before.contains(OF_INTEGRATION).then_some(INTEGRATION);
        let address = of_integration.or(self.address.as_deref());
        let address =
            address.unwrap_or_else(|| panic!("{command}: no address stands above:\n{}", self.lines.join("\n")));
        command.replace(placeholder, address)
    }
}

impl Lab {
    /// Runs a command as the user would type it, and confirms what it asks.
    pub fn type_in(&self, command: &str) -> Printed {
        let mut words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words.remove(0), "terraform", "{command}");
        if matches!(words[0], "apply" | "destroy") {
            words.insert(1, "-auto-approve");
        }
        self.run(&words)
    }

    /// From a state that has nothing to an empty plan, by what is printed alone: applies, and types the first command that an
    /// error prints, which the plan has told already. Returns what was typed.
    pub fn walk(&self) -> Vec<String> {
        const MAX_STEPS: usize = 5;
        let mut typed = Vec::new();
        while typed.len() < MAX_STEPS {
            let told = self.run(&["plan"]).commands();
            let applied = self.run(&["apply", "-auto-approve"]);
            if applied.succeeded {
                self.plan_is_empty();
                return typed;
            }
            let commands = applied.commands_of_errors();
            // What has to be changed first is said in words.
            let next = commands.iter().find(|command| *command != "terraform apply");
            let next = next.unwrap_or_else(|| panic!("no way out is printed:\n{}", applied.text));
            assert!(told.contains(next), "the plan did not tell: {next}\n{told:?}");
            self.type_in(next).expect_success();
            typed.push(next.clone());
        }
        panic!("an empty plan is more than {MAX_STEPS} commands away: {typed:#?}");
    }
}

//! Which arguments and variables are set and which are not, for who looks for the one that is missing.

use super::argument::{Environment, is_set};

/// An argument, whether the configuration gives it, and the variable that stands in for it.
pub(super) type Source = (&'static str, bool, &'static str);

/// A list of what is set and what is not, each by the name under which it is or would be.
pub(super) fn list(sources: &[Source], environment: Environment<'_>) -> String {
    let (mut set, mut empty, mut unset) = (Vec::new(), Vec::new(), Vec::new());
    for &(argument, is_given, variable) in sources {
        match environment(variable) {
            _ if is_given => set.push(argument),
            Some(_) if is_set(variable, environment) => set.push(variable),
            Some(_) => empty.push(variable),
            None => unset.push(variable),
        }
    }
    let lines = [
        ("Set", set, ""),
        ("Empty", empty, " (a pipeline that runs for a fork gets empty secrets)"),
        ("Not set", unset, ""),
    ];
    let lines = lines.iter().filter(|(_, names, _)| !names.is_empty());
    lines.map(|(what, names, why)| format!("\n  - {what}: {}{why}.", names.join(", "))).collect()
}

/// That neither an argument nor its variable gives anything.
pub(super) fn absent(argument: &str, variable: &str, environment: Environment<'_>) -> String {
    match environment(variable) {
        Some(_) => format!("{argument} is not set, and {variable} is empty"),
        None => format!("neither {argument} nor {variable} is set"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_where_it_belongs() {
        let environment = |variable: &str| match variable {
            "B" => Some("b".into()),
            "C" => Some(" ".into()),
            _ => None,
        };
        let sources = [("a", true, "A"), ("b", false, "B"), ("c", false, "C"), ("d", false, "D"), ("e", false, "E")];
        let why = "a pipeline that runs for a fork gets empty secrets";
        let all = format!("\n  - Set: a, B.\n  - Empty: C ({why}).\n  - Not set: D, E.");
        assert_eq!(list(&sources, &environment), all);
        assert_eq!(list(&sources[..2], &environment), "\n  - Set: a, B.");
        assert_eq!(absent("c", "C", &environment), "c is not set, and C is empty");
        assert_eq!(absent("d", "D", &environment), "neither d nor D is set");
    }
}

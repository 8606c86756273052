# What people and programs may see of a plan.
#
# `terraform show -json` has every value in the clear, and says beside it which ones are sensitive. So has it variables, the
# prior state and the configuration, where nothing says so. `reduced` therefore takes over what it knows, and nothing else.

# The value with what is sensitive replaced. A mask is true, false, or has the shape of the value.
def masked($mask):
  if $mask == true then "(sensitive value)"
  elif type == "object" and ($mask | type) == "object" then
    reduce keys_unsorted[] as $key (.; .[$key] |= masked($mask[$key]))
  elif type == "array" and ($mask | type) == "array" and length == ($mask | length) then
    reduce range(0; length) as $at (.; .[$at] |= masked($mask[$at]))
  elif [ $mask | .. | select(. == true) ] | length > 0 then "(sensitive value)"
  else . end;

def member($name): if type == "object" then .[$name] else . end;

# The attributes that differ, with both values as they may be shown.
def differences:
  . as $change
  | [ ((.before // {}) + (.after // {}) + (.after_unknown // {} | if type == "object" then . else {} end)) | keys[] as $name
      | ($change.before | member($name)) as $before
      | ($change.after | member($name)) as $after
      | ([ $change.after_unknown | member($name) | .. | select(. == true) ] | length > 0) as $unknown
      | select($before != $after or $unknown)
      | {
          name: $name,
          before: ($before | masked($change.before_sensitive | member($name))),
          after: (
            if $unknown and ($change.after_sensitive | member($name)) != true then "(known after apply)"
            else ($after | masked($change.after_sensitive | member($name))) end
          )
        } ];

def resources:
  [ .[]? | select(.mode == "managed" and (.change.actions != ["no-op"] or .change.importing or .previous_address))
    | {
        address, type,
        deposed: (.deposed // null),
        previous_address: (.previous_address // null),
        imported: (.change.importing != null),
        actions: .change.actions,
        reason: .action_reason,
        replaced_because_of: [ .change.replace_paths[]? | map(tostring) | join(".") ],
        attributes: (.change | differences)
      } ];

# Not the code around a message, in which somebody may have written a secret.
def diagnostics($messages; $severity):
  [ $messages[] | select(.type == "diagnostic" and .diagnostic.severity == $severity)
    | .diagnostic | {summary, detail: (.detail // ""), address: (.address // null)} ];

# How the last backup of each managed link ended, and when: no change of anything, and what the reader wants to know.
def backups:
  [ .prior_state.values // {} | .. | objects ] as $all
  | [ $all[] | select(.mode == "managed" and .type == "druva_okta_link") | .values.id ] as $ids
  | [ $all[] | select(.mode == "data" and .type == "druva_okta_links") | .values.links[]? | select(.id | IN($ids[]))
      | {okta_domain, status: .last_backup.status, finished_on: .last_backup.finished_on} ] | unique;

def reduced($messages; $exit_code):
  {
    exit_code: $exit_code,
    engine: ([ $messages[] | if .tofu then "OpenTofu \(.tofu)" elif .terraform then "Terraform \(.terraform)" else empty end ] | first),
    timestamp: (.timestamp // (now | todate)),
    drift: (.resource_drift | resources),
    changes: (.resource_changes | resources),
    outputs: [ .output_changes // {} | to_entries[] | select(.value.actions != ["no-op"]) | {name: .key, actions: .value.actions} ],
    checks: [ .checks[]? | {
      address: .address.to_display, kind: .address.kind, status,
      problems: [ .instances[]?.problems[]?.message ]
    } ],
    backups: backups,
    warnings: (diagnostics($messages; "warning") | map(select(.summary | startswith("Check block assertion") | not)) | unique),
    errors: (diagnostics($messages; "error") | unique)
  };

# The resources of this provider: what the drift report judges. A helper that the calendar replaces (time_rotating, terraform_data)
# is none of them, and neither is another provider's resource in the same configuration.
def ours: [ .[] | select(.type | startswith("druva_")) ];
def others: [ .[] | select(.type | startswith("druva_") | not) ];

# Nothing differs but that the secret is rotated by a value that is known after the apply only: the id of a helper that is replaced.
# A rotation that somebody wrote into the configuration has a value that is known, and a state that is not a good one is no rotation.
def rotation_is_due:
  (.drift | ours) == []
  and ([ .changes | ours[].attributes[] ] | any(.name == "rotate_when_changed"))
  and (.changes | ours | all(.actions == ["update"] and (.imported | not) and .previous_address == null and (.attributes | all(
    (.after == "(known after apply)" or .after == "(sensitive value)")
    and (.name != "status" or .before == "CONNECTED")
    and (.name != "client_secret_status" or .before == "ACTIVE")
    and (.name != "superseded_secret_ids" or .before == [])))));

# "fail": an assertion does not hold. "error": it could not be evaluated, which is no reassurance. "unknown" waits for an apply.
def failing: [ .checks[]? | select(.status == "fail" or .status == "error") ];

# What the job ends with: 0, 1 or 2, as pipeline.sh says.
def verdict:
  if .exit_code == 1 then 1
  elif failing != [] then 2
  elif (.changes | ours) == [] or rotation_is_due then 0
  else 2 end;

# Markdown. What Okta, Druva or a console's user wrote must not become a link, a mention or a heading: it goes into a span of
# code, whose ends have one backtick more than the text has in a row.
def plain:
  gsub("[\\s[:cntrl:]]+"; " ")
  | (([ match("`+"; "g").length ] | max // 0) + 1) as $ticks
  | if test("^`|`$|^ .* $") then " \(.) " else . end
  | "\("`" * $ticks)\(.)\("`" * $ticks)";
def code: tojson | plain;
def name: plain;
def fenced:
  (([ match("`+"; "g").length ] | max) // 0) as $longest
  | ("`" * ([3, $longest + 1] | max)) as $fence
  | "\($fence)\n\(.)\n\($fence)";

def count($one; $many): if . == 1 then "1 \($one)" else "\(.) \($many)" end;

def is_text: . == "(sensitive value)" or . == "(known after apply)";
def value: if is_text then . else code end;

def place: {
    druva_okta_integration: "the integration in Okta",
    druva_okta_link: "the link in Druva"
  }[.type] // .type;

def difference:
  if (.before | type) == "array" and (.after | type) == "array" then
    # Nothing that may be shown differs, or only the order does.
    if .before == .after then "another value (sensitive)"
    elif (.before | sort) == (.after | sort) then "\(.before | value) → \(.after | value)"
    else
      [ (.before - .after | select(length > 0) | "without \(map(value) | join(", "))"),
        (.after - .before | select(length > 0) | "with \(map(value) | join(", "))") ]
      | if length > 0 then join("; ") else "other values" end
    end
  elif .before == "(sensitive value)" or .before == .after then "another value (sensitive)"
  else "\(.before | value) → \(.after | value)" end;

def differing: [ .attributes[] | "  - \(.name | name): \(difference)" ];

# What is not known before the apply is named in one line.
def planned:
  # An object that comes or goes is named, not listed.
  if .actions == ["create"] or .actions == ["delete"] then [] else
  (.attributes | map(select(.after == "(known after apply)" or .after == "(sensitive value)") | .name | name)) as $new
  | { attributes: (.attributes | map(select(.after != "(known after apply)" and .after != "(sensitive value)"))) }
  | differing + if ($new | length) > 0 then [ "  - new values, known after the apply: \($new | join(", "))" ] else [] end
  end;

def action: if .actions == ["no-op"] and .imported then "import" elif .actions == ["no-op"] then "move" else {
    "create": "create", "update": "update in place", "delete": "destroy", "forget": "forget",
    "delete,create": "replace (destroy, then create)", "create,delete": "replace (create, then destroy)"
  }[.actions | join(",")] // (.actions | join(", ")) end;

def section($title; $lines): if ($lines | length) > 0 then "## \($title)", ($lines | join("\n")) else empty end;

def diagnostic: "- \(.summary | plain)\(if .address then " (\(.address | name))" else "" end)\n  \(.detail | plain)";

def what_changed: [ .drift | ours[]
  | if .actions == ["delete"] then "- \(.address | name) (\(place)) is gone: somebody removed it."
    else "- \(.address | name) (\(place)):", differing[] end ];

def outputs_that_change: [ .outputs[] | "- output \(.name | name): \(action)" ];

def what_apply_does: [ .changes | ours[]
  | "- \(.address | name): **\(action)**\(
      if (.replaced_because_of | length) > 0 then ", because of \(.replaced_because_of | map(name) | join(", "))" else "" end)",
    planned[] ];

# Named, and no more. Outputs follow from what differs, if something does.
def not_judged: [ .changes | others[] | "- \(.address | name): \(action)" ]
  + if (.changes | ours) == [] then outputs_that_change else [] end;

def failing_checks: [ failing[]
  | (.address | name) as $check
  | if (.problems | length) > 0 then .problems[] | "- \($check): \(plain)" else "- \($check) could not be evaluated." end ];

def waiting_checks: [ .checks[] | select(.status == "unknown") | "- \(.address | name)" ];

def to_do: if . == [] then "outputs only" else map(action) | group_by(.) | map("\(length) to \(.[0])") | join(", ") end;

def destroys: [ .changes | ours[] | select(.actions | index("delete")) ] | length > 0;
def caution: "⚠️ Something is destroyed or replaced. Druva makes no backups while it is missing.";

def looked: "Looked at \(.timestamp | plain) with \(.engine | if . then plain else "a program of unknown version" end).";

def last_backups:
  section("Last backup"; [ .backups[] | "- \(.okta_domain | name): \(
    if .status or .finished_on then "\(.status // "no status" | plain), finished at \(.finished_on // "no time" | plain)" else "none yet" end)" ]);

def summary_of_failure:
  "# Druva's backup of Okta: could not look for drift",
  "Terraform failed, so nothing is known: neither that something differs nor that nothing does. \(looked)",
  section("What failed";
    [ .errors[] | diagnostic ] | if length > 0 then . else [ "Terraform gave no reason in its plan: see the job's log." ] end),
  section("What the provider says"; [ .warnings[] | diagnostic ]);

def summary_of_difference:
  what_changed as $changed
  | what_apply_does as $apply
  | "# Druva's backup of Okta: \(
      [ if ($changed | length) > 0 and ($apply | length) > 0 then "drift" elif ($apply | length) > 0 then "not as configured" else empty end,
        (failing | length | select(. > 0) | count("failing check"; "failing checks")) ] | join(", "))",
    "\(if ($apply | length) > 0 then "`terraform apply` would make it as configured: \(.changes | ours | to_do)." else "`terraform apply` would change nothing." end) \(looked)",
    (if destroys then caution else empty end),
    section("Checks that fail"; failing_checks),
    last_backups,
    section("Checks that can be decided after an apply only"; waiting_checks),
    (if ($apply | length) > 0 then section("What somebody changed";
      if ($changed | length) > 0 then $changed
      else [ "Nothing since the last apply. Either a change of the configuration was not applied, or an earlier run put the drift into the state." ] end) else empty end),
    section("What `terraform apply` would do"; $apply),
    section("Other changes, which this report does not judge"; not_judged),
    section("What the provider says"; [ .warnings[] | diagnostic ]);

def summary:
  [ if .exit_code == 1 then summary_of_failure
    elif verdict == 2 then summary_of_difference
    else
      "# Druva's backup of Okta: as configured\(if rotation_is_due then ", and a rotation is due" else "" end)",
      "\(if rotation_is_due then "The calendar asks for another client secret: the job \"rotate\" applies that. Nothing else of this provider differs"
        elif .exit_code == 2 then "No resource of this provider differs"
        else "Nothing differs" end), and no check fails. \(looked)",
      last_backups,
      section("Other changes, which this report does not judge"; not_judged),
      section("Changed, but not configured: `terraform apply` leaves it"; what_changed),
      section("What the provider says"; [ .warnings[] | diagnostic ])
    end ] | join("\n\n");

# GitHub takes 65536 characters in a comment.
def shortened: if length > 50000 then "\(.[:50000])\n… shortened: the job's log has all of it" else . end;

def comment($text):
  [ "### Plan: \(if (.changes + .outputs) == [] then "no changes" else .changes | to_do end)",
    (if destroys then caution else empty end),
    (.warnings | if length > 0 then map(diagnostic) | join("\n") else empty end),
    (failing_checks | if length > 0 then "Checks that fail:\n\n\(join("\n"))" else empty end),
    "<details><summary>The plan</summary>\n\n\($text | shortened | fenced)\n\n</details>",
    "\(.engine | plain). After the merge it plans again, and applies that plan only if it does the same as this one."
  ] | join("\n\n");

def failed_comment:
  [ "### Plan: failed",
    (.errors | if length > 0 then map(diagnostic) | join("\n") else "Terraform gave no reason in its plan: see the job's log." end)
  ] | join("\n\n");

# What a plan does, one sentence each, for comparing two plans of one configuration: what is changed, from what, to what. Not when
# it was planned, by which Terraform, what was warned of, or how checks stand: those differ between plans that do the same.
def facts:
  [ (.changes[]?
      | "\(.address)\(if .deposed then " (deposed \(.deposed))" else "" end)" as $at
      | "\($at): \(action)\(if (.replaced_because_of | length) > 0 then ", because of \(.replaced_because_of | sort | join(", "))" else "" end)\(
          if .imported then ", imported" else "" end)\(if .previous_address then ", moved from \(.previous_address)" else "" end)",
        (.attributes[] | "\($at): \(.name) from \(.before | tojson) to \(.after | tojson)")),
    (.outputs[]? | "output \(.name): \(.actions | join(", "))") ]
  | map(gsub("[[:cntrl:]]"; " ")) | unique;

# Why this plan is not the reviewed one, or nothing.
def disagreement($reviewed):
  facts as $now | ($reviewed | facts) as $was
  | if $now == $was then empty else
      "Not applied: planned again, the configuration does something else than what was reviewed.",
      ($was - $now | if length > 0 then "Reviewed, and not planned now:", "  - \(.[])" else empty end),
      ($now - $was | if length > 0 then "Planned now, and not reviewed:", "  + \(.[])" else empty end),
      "Plan by hand on the main branch, read that plan, and run this job again."
    end;

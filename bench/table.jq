# The tables of the guide, from what the programs in bench/src/bin and criterion have measured. See tools/bench.
#
# Its inputs are runs ({"who": "alone" | "provider" | "peer", "operation", "number", "latency", "seconds", "terraform", "starts",
# "okta", "druva"}), starts of programs ({"start": WHAT, "seconds": […], "processor": […]}) and {"hot": WHAT, "seconds": …}. $peer
# is the name of the peer, or empty.

def median: sort | if . == [] then null else (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2 end;

def fixed($digits):
  (. * pow(10; $digits) | round | tostring)
  | if $digits == 0 then . else ("0" * ($digits + 1 - length) // "") + . | .[:-$digits] + "." + .[-$digits:] end;

# Three significant digits.
def short: fixed(if . >= 99.95 then 0 elif . >= 9.995 then 1 else 2 end);

def time:
  if . == null then "–"
  elif . >= 0.9995 then "\(short) s"
  elif . >= 0.0009995 then "\(. * 1e3 | short) ms"
  elif . >= 0.0000009995 then "\(. * 1e6 | short) µs"
  else "\(. * 1e9 | short) ns" end;

def milliseconds: if . == null then "–" else . * 1e3 | if . < 9.95 then fixed(1) else fixed(0) end end;
def kilobytes: . / 1e3 | fixed(1);
def percent: . * 100 | fixed(0) + " %";

def row: "| \(join(" | ")) |";
# A title, and columns with numbers.
def head: row, (["---"] + (.[1:] | map("--:")) | row);

[inputs] as $measured
| [$measured[] | select(.who)] as $runs
| ($runs | map([.operation, .number]) | unique | sort_by(.[0] == "apply", .[1])) as $operations
# What was measured of an operation, as a list.
| def of($operation; $who; $latency; what):
    [$runs[] | select([.operation, .number] == $operation and .who == $who and .latency == $latency) | what];
  def of($operation; $who; what): of($operation; $who; 0; what);
  def name: "`\(.[0])` of \(.[1])";

  "Time of the processor, in milliseconds:", "",
  (["", "Terraform alone", "Terraform", "provider", "its share", "starts", "for each"]
    + if $peer == "" then [] else ["Terraform with \($peer)", $peer, "its share"] end | head),
  ($operations[] | . as $operation
    | (of($operation; "provider"; .starts | add) | median) as $provider
    | (of($operation; "provider"; .terraform) | median) as $terraform
    | (of($operation; "peer"; .starts | add) | median) as $of_peer
    | (of($operation; "peer"; .terraform) | median) as $with_peer
    | [name, (of($operation; "alone"; .terraform) | median | milliseconds), ($terraform | milliseconds),
        ($provider | milliseconds), ($provider / ($provider + $terraform) | percent),
        (of($operation; "provider"; .starts | length) | max | tostring),
        (of($operation; "provider"; (.starts | add) / (.starts | length)) | median | milliseconds)]
      + if $peer == "" then []
        else [($with_peer | milliseconds), ($of_peer | milliseconds), ($of_peer / ($of_peer + $with_peer) | percent)] end
    | row),
  "", "Time on the clock:", "",
  (["", "Terraform alone", "provider", "provider, 50 ms latency"] + if $peer == "" then [] else [$peer] end | head),
  ($operations[] | . as $operation
    | [name, (of($operation; "alone"; .seconds) | median | time), (of($operation; "provider"; .seconds) | median | time),
        (of($operation; "provider"; 50; .seconds) | median | time)]
      + if $peer == "" then [] else [of($operation; "peer"; .seconds) | median | time] end
    | row),
  "", "Sent, with kilobytes of HTTP to and from each:", "",
  (["", "requests to Okta", "kB to", "kB from", "requests to Druva", "kB to", "kB from"]
    + if $peer == "" then [] else ["requests of \($peer)", "kB to", "kB from"] end | head),
  ($operations[] | . as $operation
    | def sent($who; side):
        of($operation; $who; side)
        | [(map(.requests) | median | fixed(0)), (map(.received) | median | kilobytes), (map(.sent) | median | kilobytes)];
      [name] + sent("provider"; .okta) + sent("provider"; .druva)
      + if $peer == "" then [] else sent("peer"; [.okta, .druva] | {requests: (map(.requests) | add),
          received: (map(.received) | add), sent: (map(.sent) | add)}) end
    | row),
  "", (["", "median", "of the processor"] | head),
  ([$measured[] | select(.start)] | group_by(.start)[]
    | [.[0].start, (map(.seconds) | add | median | time), (map(.processor) | add | median | time)] | row),
  ($measured[] | select(.hot) | [.hot, (.seconds | time), ""] | row)

# The tables of the guide, from what hyperfine and criterion have measured. See tools/bench.
#
# Its inputs are hyperfine's results, whose commands are named "plan 100 alone", "plan 100 0" and "plan 100 50" (operation,
# resources, latency in milliseconds) or "start WHAT"; and {"hot": WHAT, "seconds": …}.

def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;

def fixed($digits):
  (. * pow(10; $digits) | round | tostring)
  | if $digits == 0 then . else ("0" * ($digits + 1 - length) // "") + . | .[:-$digits] + "." + .[-$digits:] end;

# Three significant digits.
def short: fixed(if . >= 99.95 then 0 elif . >= 9.995 then 1 else 2 end);

def time:
  if . >= 0.9995 then "\(short) s"
  elif . >= 0.0009995 then "\(. * 1e3 | short) ms"
  elif . >= 0.0000009995 then "\(. * 1e6 | short) µs"
  else "\(. * 1e9 | short) ns" end;

def row: "| \(join(" | ")) |";

[inputs] as $measured
| [$measured[] | .results[]?] | group_by(.command)
| map({key: .[0].command, value: (map(.times) | add | median)}) | from_entries as $medians
| [$medians | keys[] | split(" ") | select(.[0] == "plan" or .[0] == "apply") | [.[0], (.[1] | tonumber)]] | unique
| sort_by(.[0] == "apply") as $operations

| ["", "Terraform alone", "provider", "ratio", "provider, 50 ms latency", "ratio"], ["---", "--:", "--:", "--:", "--:", "--:"],
  ($operations[] | "\(.[0]) \(.[1])" as $name | $medians["\($name) alone"] as $alone
    | ["`\(.[0])` of \(.[1])", ($alone | time)]
      + ([0, 50] | map($medians["\($name) \(.)"] | time, "\(. / $alone | short)×"))),
  [],
  ["", "median"], ["---", "--:"],
  ($medians | to_entries[] | select(.key | startswith("start ")) | [.key, (.value | time)]),
  ($measured[] | select(.hot) | [.hot, (.seconds | time)])
| if . == [] then "" else row end

#!/usr/bin/env bash
# Plants long and short code in a repository of its own; scripts/long_code.mjs must list the long,
# with its reasons, and nothing else.
set -euo pipefail
list=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/long_code.mjs
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree"
git init --quiet

# lines COUNT LINE: the line, so many times.
lines() { local i; for ((i = 0; i < $1; ++i)); do echo "$2"; done; }

{
  printf '%s\n' '// Long because it is a sample.' 'int calls();'
  lines 400 '// filler'
} >long.cpp
lines 400 '// filler' >short.cpp
{
  printf '%s\n' 'TEST(Call, Rings) {'
  lines 39 '  calls();'
  printf '%s\n' '}' '' '// Says hello.' '// Long because it greets everybody.' 'void greet() {'
  lines 40 '  if (calls()) {}'
  printf '%s\n' '}' '' 'void part() {'
  lines 38 '  calls();'
  printf '%s\n' '}'
} >functions.cpp
{
  printf '%s\n' "describe('a call', () => {" "  it('rings', () => {"
  lines 41 '    ring();'
  printf '%s\n' '  });' '});' '// Long because it stays.' 'const wait = () => {'
  lines 42 '  stay();'
  printf '%s\n' '};' 'class Call {' '  end() {'
  lines 38 '    stop();'
  printf '%s\n' '  }' '}'
} >script.mjs
git add .

expected="Files over 400 lines:
   402  long.cpp: it is a sample.
Functions over 40 lines:
    44  script.mjs:47 wait: it stays.
    43  script.mjs:2 'rings': no reason given
    42  functions.cpp:45 greet: it greets everybody.
    41  functions.cpp:1 TEST(Call,Rings): no reason given"
actual=$(node "$list" .)
if [[ $actual != "$expected" ]]; then
  printf 'expected:\n%s\n\ngot:\n%s\n' "$expected" "$actual"
  exit 1
fi

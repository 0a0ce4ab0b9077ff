#!/usr/bin/env bash
# The main job on real parts: two companies, one in ELMO and one in IceHrm, and the domain that follows them. `make demo` runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
people=${DEMO_PEOPLE:-60}
export ANSIBLE_NOCOWS=1 ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_DISPLAY_SKIPPED_HOSTS=false
if [ -t 1 ]; then export ANSIBLE_FORCE_COLOR=true; fi
log=.cache/lab/demo.log
mkdir -p .cache/lab

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# What the examples take from the environment; in AWX a credential sets it.
connect() {
  eval "$(python -m lab env)"
  export HRIS_AD_SERVERS=$LAB_LDAP_SERVER HRIS_AD_USERNAME=$LAB_USERNAME HRIS_AD_PASSWORD=$LAB_PASSWORD HRIS_AD_CA_CERT=$LAB_CA
  export HRIS_ELMO_BASE_URL=$LAB_ELMO_URL HRIS_ELMO_CLIENT_ID=$LAB_ELMO_CLIENT_ID HRIS_ELMO_CLIENT_SECRET=$LAB_ELMO_CLIENT_SECRET
  export HRIS_ICEHRM_BASE_URL=$LAB_ICEHRM_URL HRIS_ICEHRM_TOKEN=$LAB_ICEHRM_TOKEN
}

play() { # MOMENT OPTION…: the playbook, whole
  local moment=$1
  shift
  printf '$ ansible-playbook hris.ad.sync -i examples/both/hosts.yml -e lifecycle_as_of=%s %s\n' "$moment" "$*"
  ansible-playbook hris.ad.sync -i examples/both/hosts.yml -e "lifecycle_as_of=$moment" \
    -e "elmo_ca_cert=$LAB_CA" -e "icehrm_ca_cert=$LAB_CA" "$@" # the lab has a certificate authority of its own
}

brief() { # the same, but only the sentence about both sources and the recap
  play "$@" >"$log" 2>&1 || { cat "$log"; return 1; }
  sed -n '1p; /^ *"elmo, icehrm: /p; /^PLAY RECAP/,$p' "$log"
}

again() { # a second run, and what the domain controller saw of it
  local mark
  mark=$(python -m lab writes --mark)
  brief "$@"
  echo "writes that the domain controller performed meanwhile: $(python -m lab writes --since "$mark" --count)"
}

say "A domain and two companies of $people people each: one in ELMO, one in IceHrm"
python -m lab up --people "$people" --tls >/dev/null
python -m lab reset --people "$people"
connect
today=$LAB_DATE

say "Read it first (the first two accounts of each source)"
play "$today" --check --diff -e lifecycle_report_limit=2
say "Do it"
brief "$today"
say "Again: nothing changes"
again "$today"

say "One day passes in HR"
python -m lab day
say "The accounts follow"
brief "$(python -m lab date)"

say "Another day passes, and somebody comes back"
python -m lab day
today=$(python -m lab date)
say "Read what follows from it"
play "$today" --check --diff
say "Do it"
brief "$today"
say "Again: nothing changes"
again "$today"

say "What stands where"
python -m lab status
cat <<END

The rules that were at work:  examples/both (hosts.yml, group_vars/hr.yml, host_vars/elmo.yml, host_vars/icehrm.yml)
Let another day pass:         .cache/venv/bin/python -m lab day
Connect a shell to the lab:   eval "\$(.cache/venv/bin/python -m lab env)"
Look into the domain:         ldapsearch -x -H \$LAB_LDAP_URL -D \$LAB_USERNAME -w \$LAB_PASSWORD -b "OU=Staff,\$LAB_BASE_DN" title manager
Let HR fail:                  .cache/venv/bin/python -m lab fault elmo --help
Follow a guide here:          lab/README.md, "A guide on the lab"
Your own rules:               copy examples/elmo or examples/icehrm; ansible-doc -t module hris.ad.sync explains every option
Stop it all:                  make lab-down
END

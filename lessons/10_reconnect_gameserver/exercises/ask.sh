#!/bin/sh
# What the checks of all exercises share. They read this file; run by itself it does nothing.
#
# A check asks the running system from outside, changes nothing, and ends with one sentence: "done: ..." and exit status 0, or
# "not yet: ..." and 1.
set -u

# Where Traefik is: port 80, unless .env or the environment says otherwise.
port=${HTTP_PORT:-$(sed -n 's/^HTTP_PORT=//p' .env 2>/dev/null)}
ENTRY=${ENTRY:-http://127.0.0.1${port:+:$port}}
# Where the web server of lesson 1 is.
SERVER=${SERVER:-http://127.0.0.1:8080}
# How long a condition is waited for, in seconds.
PATIENCE=${PATIENCE:-30}

# How to start what is asked; a check may say it better.
start="docker compose up --build --detach --wait"

is_done() { # sentence
    echo "done: $1"
    exit 0
}

not_yet() { # sentence
    echo "not yet: $1"
    exit 1
}

# curl, without a proxy: what is asked is on this machine.
ask() { # curl's options and the address
    curl --silent --noproxy '*' --max-time 5 "$@"
}

# Through Traefik, by the name of a host.
ask_host() { # host, path, more options of curl
    # sh has no local variables, so these have names that no check uses for its own.
    asked_host=$1 asked_path=$2
    shift 2
    ask --header "Host: $asked_host" "$@" "$ENTRY$asked_path"
}

# The status of an answer; 000 where there was none.
status() { # as ask
    ask --output /dev/null --write-out '%{http_code}' "$@" || true
}

# Tries again, five times a second, until a command succeeds: for as many seconds as PATIENCE says, and less than one more.
wait_until() { # command
    deadline=$(($(date +%s) + PATIENCE + 1))
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

# The value of a field in an answer in JSON: a text without quotes in it, or whatever is no text. Of several the last.
field() { # name, answer
    printf '%s\n' "$2" | sed -n -e "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" -e "s/.*\"$1\":\([^\",}]*\).*/\1/p" | head -n 1
}

# Ends the check if nothing answers at an address.
must_answer() { # as ask
    [ "$(status "$@")" = 000 ] || return 0
    case $* in
        *"$ENTRY/"*) not_yet "nothing answers; start the system: $start (or is it on another port? HTTP_PORT=8000 sh exercises/...)" ;;
        *) not_yet "nothing answers at $SERVER; start the system: $start" ;;
    esac
}

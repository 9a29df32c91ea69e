#!/bin/sh
# Starts the Redis of one compose service with redis/NAME.conf, the rights of its viewer in redis/NAME.viewer, and the
# passwords of its environment.
#
#   start.sh NAME
set -eu
name=$1

for variable in REDISCLI_AUTH VIEWER_PASSWORD; do
    case $(printenv "$variable") in
        "" | *[!A-Za-z0-9._~-]*)
            echo "$name: $variable must be one or more of A-Z a-z 0-9 . _ ~ -; .env.example shows how to make one" >&2
            exit 1
            ;;
    esac
done

# The rest of the configuration comes on standard input. So the passwords stand neither in a file nor in the
# arguments, which every process of the machine can read.
#
# The viewer's user can do what its page shows, and nothing else: what its program may try is not left to its program.
exec redis-server "/etc/redis/$name.conf" - <<CONFIGURATION
requirepass $REDISCLI_AUTH
user viewer on >$VIEWER_PASSWORD $(cat "/etc/redis/$name.viewer")
CONFIGURATION

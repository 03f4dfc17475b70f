-- Keys are inserted several times for each event and purged once an hour: the
-- purge passes over all of them instead.
DROP INDEX souk_event_keys_at;

-- Keys come in the order of time, nearly: an index of ranges of the table is
-- enough to purge them, and costs next to nothing to keep.
DROP INDEX souk_event_keys_at;
CREATE INDEX souk_event_keys_at ON souk_event_keys USING brin (at) WITH (autosummarize = on);

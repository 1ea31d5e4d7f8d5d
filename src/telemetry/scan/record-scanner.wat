;; Checks that bytes are one JSON object, exactly as JSON.parse would, and notes where the values of wanted fields lie.
;; Sixteen bytes at a time where a string is plain: in JavaScript the same takes several times as long.
;; `record-scanner.ts` lays out the memory and gives the results their names.
;;
;; The memory: at 0 a table of 1,024 bytes from the traits of a key to a slot, 0 for none; at 1024 the marks of the fields
;; that the last record has, and at 1028 of those whose value is a string; at 1032 where $skim stopped, and at 1036 what
;; $scan said of the record there, 0 when it was not asked; at 1040 and 1044 the addresses of the slots of event ids, at 1048
;; the row of that record, 0 for none; at 1068 the number of the reading, at 1072 whether the times of that record could be
;; read; from 1088 on the slots, 64 bytes each and counted from 1; at 20480 a table of 256 addresses from the traits of an
;; event id to a row; then, wherever they are put, keys, texts that are looked for, rows, nodes and gates; then the text,
;; with zeros after it. A zero stands for nothing in JSON, so every loop ends there.
;;
;; A slot: +0 the next slot with the same traits, +4 length of its key, +8 where the key's bytes are,
;; +12 the record it was last seen in, +16 kind of the value: its first byte, +20 where it begins, +24 where it ends,
;; +28 whether it is a string that holds \u, \/ or a byte beyond ASCII, and so may be spelled in more ways than one,
;; +32 its mark, a bit, +40 the first sixteen bytes of the last time that it held, +56 which minute they are.
;;
;; A row, for records with the same header: +0 the next row with the same traits, +4 marks of the fields that they have,
;; +8 of those that are strings, +12 texts that they have and +24 how many these are, +16 event id as it is written, eight
;; bytes, +32 addresses of the slots of the times of the event and of the record, and of two that
;; show the zone of the latter, 0 for none, +48 node that asks whether somebody wants one, +52 its number, +56 its gates and
;; +60 how many they are, +64 the reading in which it was last met.
;;
;; A text of a row: +0 address of its slot, +4 where it is, +8 its length.
;;
;; A gate: +0 who looks for events, +4 the node that asks for him, +8 whether he can wait for one.
;;
;; A node asks whether a value may hold a text: +0 address of its slot, +4 the text, +8 its length, +12 the node that comes
;; next if so, +16 the one if not. 0 and 1 are the answers, nobody and somebody.
;;
;; What $skim found: +0 how many records passed, +4 how many of these are to be kept since somebody waits for others,
;; +8 how many rows were met for the first time in this reading, +12 how many there are in the list of those who wait; then
;; where that is written, and the most that there is room for: +16 the rows' numbers of those that passed, +20 the most,
;; +24 the times of the events, +28 those of the records, +32 what is to be kept, +36 the most, +40 those who wait, +44 the
;; most, +48 rows that were met, +52 the most. Of what is to be kept: where it begins and ends, which of those that passed it
;; is, and from where to where in the list those are who wait.
(module
  (import "scan" "memory" (memory 1 65536 shared))

  (global $end (mut i32) (i32.const 0))
  ;; Counts scans: what a slot says is of the last record if it has this number.
  (global $record (export "record") (mut i32) (i32.const 0))
  ;; Whether a string since this was last cleared has an escape of another spelling.
  (global $respelled (mut i32) (i32.const 0))

  ;; The position after the object that begins at $at; -1 it is broken, -2 the text ends within it, -3 it is odd:
  ;; it nests too deep, or writes a key with escapes, and may be an object all the same.
  (func $scan (export "scan") (param $at i32) (param $end i32) (result i32)
    (local $keyEnd i32) (local $slot i32) (local $valueEnd i32) (local $byte i32) (local $found i32)
    (global.set $end (local.get $end))
    (global.set $record (i32.add (global.get $record) (i32.const 1)))
    (i64.store (i32.const 1024) (i64.const 0))
    (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x7d)) ;; }
      (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $field
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) ;; "
        (then (return (call $broken (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $found (call $ends (local.get $at)))
      (if (local.get $found)
        (then (local.set $keyEnd (i32.add (local.get $at) (i32.ctz (local.get $found)))))
        (else (local.set $keyEnd (call $stretch (i32.add (local.get $at) (i32.const 16))))))
      (if (i32.ne (i32.load8_u (local.get $keyEnd)) (i32.const 0x22))
        (then
          (local.set $keyEnd (call $string (local.get $keyEnd)))
          (return (select (local.get $keyEnd) (i32.const -3) (i32.lt_s (local.get $keyEnd) (i32.const 0))))))
      (local.set $slot (call $slot (local.get $at) (local.get $keyEnd)))
      (global.set $respelled (i32.const 0))
      (block $ended
        ;; Most values are strings right after the colon, and most are followed by a comma and the next key.
        (if (i32.eq (i32.and (i32.load align=1 (local.get $keyEnd)) (i32.const 0xffffff)) (i32.const 0x223a22)) ;; ":"
          (then
            (local.set $at (i32.add (local.get $keyEnd) (i32.const 2)))
            (local.set $valueEnd (call $string (i32.add (local.get $at) (i32.const 1))))
            (if (i32.lt_s (local.get $valueEnd) (i32.const 0)) (then (return (local.get $valueEnd))))
            (local.set $valueEnd (i32.add (local.get $valueEnd) (i32.const 1)))
            (br $ended)))
        (local.set $at (call $colon (i32.add (local.get $keyEnd) (i32.const 1))))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
        (local.set $valueEnd (call $value (local.get $at) (i32.const 0)))
        (if (i32.lt_s (local.get $valueEnd) (i32.const 0)) (then (return (local.get $valueEnd)))))
      (if (local.get $slot) (then (call $note (local.get $slot) (local.get $at) (local.get $valueEnd))))
      (if (i32.eq (i32.load16_u align=1 (local.get $valueEnd)) (i32.const 0x222c)) ;; ,"
        (then
          (local.set $at (i32.add (local.get $valueEnd) (i32.const 1)))
          (br $field)))
      (local.set $at (call $space (local.get $valueEnd)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x7d))
        (then (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (local.get $byte) (i32.const 0x2c)) ;; ,
        (then (return (call $broken (local.get $at)))))
      (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
      (br $field))
    (unreachable))

  ;; Goes through the records from $at on that nobody wants at once, and notes at $found what they were. The one where it
  ;; stopped was scanned, if there is one.
  (func (export "skim") (param $at i32) (param $end i32) (param $found i32)
    (local $after i32) (local $row i32)
    (block $stopped
      (loop $record
        (local.set $at (call $between (local.get $at)))
        (i32.store (i32.const 1032) (local.get $at))
        (i32.store (i32.const 1036) (i32.const 0))
        (i32.store (i32.const 1048) (i32.const 0))
        (i32.store (i32.const 1072) (i32.const 0))
        (br_if $stopped (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x7b))) ;; {
        (br_if $stopped (call $isFull (local.get $found)))
        (local.set $after (call $scan (local.get $at) (local.get $end)))
        (i32.store (i32.const 1036) (local.get $after))
        (br_if $stopped (i32.lt_s (local.get $after) (i32.const 0)))
        (local.set $row (call $row))
        (i32.store (i32.const 1048) (local.get $row))
        (br_if $stopped (i32.eqz (local.get $row)))
        (br_if $stopped (i32.eqz (call $times (local.get $row) (local.get $found))))
        (i32.store (i32.const 1072) (i32.const 1))
        (if (call $asks (i32.load offset=48 (local.get $row)))
          (then
            (br_if $stopped
              (i32.eqz (call $keep (local.get $row) (local.get $found) (local.get $at) (local.get $after))))))
        (call $pass (local.get $row) (local.get $found))
        (local.set $at (local.get $after))
        (br $record))))

  (func $isFull (param $found i32) (result i32)
    (i32.or
      (i32.or
        (i32.eq (i32.load (local.get $found)) (i32.load offset=20 (local.get $found)))
        (i32.eq (i32.load offset=4 (local.get $found)) (i32.load offset=36 (local.get $found))))
      (i32.eq (i32.load offset=8 (local.get $found)) (i32.load offset=52 (local.get $found)))))

  ;; Notes that a record of a row passed; its times are noted.
  (func $pass (param $row i32) (param $found i32)
    (local $count i32)
    (local.set $count (i32.load (local.get $found)))
    (i32.store
      (i32.add (i32.load offset=16 (local.get $found)) (i32.shl (local.get $count) (i32.const 2)))
      (i32.load offset=52 (local.get $row)))
    (i32.store (local.get $found) (i32.add (local.get $count) (i32.const 1)))
    (if (i32.ne (i32.load offset=64 (local.get $row)) (i32.load (i32.const 1068)))
      (then
        (i32.store offset=64 (local.get $row) (i32.load (i32.const 1068)))
        (local.set $count (i32.load offset=8 (local.get $found)))
        (i32.store
          (i32.add (i32.load offset=48 (local.get $found)) (i32.shl (local.get $count) (i32.const 2)))
          (i32.load offset=52 (local.get $row)))
        (i32.store offset=8 (local.get $found) (i32.add (local.get $count) (i32.const 1))))))

  ;; Notes that the last record, which lies from $at to $after, is to be kept; 0 when one of those who want it cannot wait.
  (func $keep (param $row i32) (param $found i32) (param $at i32) (param $after i32) (result i32)
    (local $gate i32) (local $left i32) (local $who i32) (local $kept i32)
    (local.set $gate (i32.load offset=56 (local.get $row)))
    (local.set $left (i32.load offset=60 (local.get $row)))
    (local.set $who (i32.load offset=12 (local.get $found)))
    (loop $next
      (if (call $asks (i32.load offset=4 (local.get $gate)))
        (then
          (if (i32.or
                (i32.eqz (i32.load offset=8 (local.get $gate)))
                (i32.eq (local.get $who) (i32.load offset=44 (local.get $found))))
            (then (return (i32.const 0))))
          (i32.store
            (i32.add (i32.load offset=40 (local.get $found)) (i32.shl (local.get $who) (i32.const 2)))
            (i32.load (local.get $gate)))
          (local.set $who (i32.add (local.get $who) (i32.const 1)))))
      (local.set $gate (i32.add (local.get $gate) (i32.const 12)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.set $kept (i32.load offset=4 (local.get $found)))
    (i32.store offset=4 (local.get $found) (i32.add (local.get $kept) (i32.const 1)))
    (local.set $kept
      (i32.add (i32.load offset=32 (local.get $found)) (i32.mul (local.get $kept) (i32.const 20))))
    (i32.store (local.get $kept) (local.get $at))
    (i32.store offset=4 (local.get $kept) (local.get $after))
    (i32.store offset=8 (local.get $kept) (i32.load (local.get $found)))
    (i32.store offset=12 (local.get $kept) (i32.load offset=12 (local.get $found)))
    (i32.store offset=16 (local.get $kept) (local.get $who))
    (i32.store offset=12 (local.get $found) (local.get $who))
    (i32.const 1))

  ;; The first byte from $at on that is neither white space nor a comma.
  (func $between (param $at i32) (result i32)
    (loop $next
      (local.set $at (call $space (local.get $at)))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2c))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  ;; The row of the record that was scanned last, 0 for none.
  (func $row (result i32)
    (local $slot i32) (local $length i32) (local $id i64) (local $row i32)
    (local.set $slot (i32.load (i32.const 1040)))
    ;; A record with both is of no row: their marks tell.
    (if (i32.ne (i32.load offset=12 (local.get $slot)) (global.get $record))
      (then (local.set $slot (i32.load (i32.const 1044)))))
    (if (i32.ne (i32.load offset=12 (local.get $slot)) (global.get $record)) (then (return (i32.const 0))))
    (local.set $length
      (i32.sub (i32.load offset=24 (local.get $slot)) (i32.load offset=20 (local.get $slot))))
    (if (i32.gt_u (local.get $length) (i32.const 7)) (then (return (i32.const 0))))
    (local.set $id
      (i64.and
        (i64.load align=1 (i32.load offset=20 (local.get $slot)))
        (i64.sub
          (i64.shl (i64.const 1) (i64.extend_i32_u (i32.shl (local.get $length) (i32.const 3))))
          (i64.const 1))))
    (local.set $row
      (i32.load
        (i32.add
          (i32.const 20480)
          (i32.shl
            (i32.shr_u (i32.mul (i32.wrap_i64 (local.get $id)) (i32.const 0x9e3779b1)) (i32.const 24))
            (i32.const 2)))))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $row)))
        (if (i64.eq (i64.load offset=16 (local.get $row)) (local.get $id))
          (then
            ;; The marks and the strings among them at once.
            (if (i64.eq (i64.load offset=4 align=4 (local.get $row)) (i64.load (i32.const 1024)))
              (then (if (call $hasTexts (local.get $row)) (then (return (local.get $row))))))))
        (local.set $row (i32.load (local.get $row)))
        (br $next)))
    (i32.const 0))

  ;; Whether the last record has the texts of a row; its marks say that it has the fields.
  (func $hasTexts (param $row i32) (result i32)
    (local $at i32) (local $left i32) (local $slot i32) (local $length i32)
    (local.set $at (i32.load offset=12 (local.get $row)))
    (local.set $left (i32.load offset=24 (local.get $row)))
    (loop $next
      (if (i32.eqz (local.get $left)) (then (return (i32.const 1))))
      (local.set $slot (i32.load (local.get $at)))
      (local.set $length (i32.load offset=8 (local.get $at)))
      (if (i32.ne
            (i32.sub (i32.load offset=24 (local.get $slot)) (i32.load offset=20 (local.get $slot)))
            (local.get $length))
        (then (return (i32.const 0))))
      (if (local.get $length)
        (then
          (if (i32.eqz
                (call $same
                  (i32.load offset=20 (local.get $slot))
                  (i32.load offset=4 (local.get $at))
                  (local.get $length)))
            (then (return (i32.const 0))))))
      (local.set $at (i32.add (local.get $at) (i32.const 12)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; Notes the times of the last record as those of the next one that passes, NaN for one that records of its row do not
  ;; have; 0 when one of them is not of the usual form.
  (func $times (param $row i32) (param $found i32) (result i32)
    (local $event f64) (local $record f64) (local $local f64) (local $place i32)
    (local.set $event (f64.const nan))
    (local.set $record (f64.const nan))
    (if (i32.load offset=32 (local.get $row))
      (then
        (local.set $event (call $stamp (i32.load offset=32 (local.get $row))))
        (if (f64.ne (local.get $event) (local.get $event)) (then (return (i32.const 0))))))
    (if (i32.load offset=36 (local.get $row))
      (then
        (local.set $record (call $stamp (i32.load offset=36 (local.get $row))))
        (if (i32.load offset=40 (local.get $row))
          (then
            (local.set $local (call $stamp (i32.load offset=40 (local.get $row))))
            (local.set $record
              (f64.add
                (local.get $record)
                (call $zone
                  (f64.sub (call $stamp (i32.load offset=44 (local.get $row))) (local.get $local)))))))
        (if (f64.ne (local.get $record) (local.get $record)) (then (return (i32.const 0))))))
    (local.set $place (i32.shl (i32.load (local.get $found)) (i32.const 3)))
    (f64.store (i32.add (i32.load offset=24 (local.get $found)) (local.get $place)) (local.get $event))
    (f64.store (i32.add (i32.load offset=28 (local.get $found)) (local.get $place)) (local.get $record))
    (i32.const 1))

  ;; What two clocks lie apart that stamped one moment, if it is whole quarters of an hour but for five minutes; else 0. NaN
  ;; for NaN. As `zoneOffset` of `times.ts`.
  (func $zone (param $apart f64) (result f64)
    (local $offset f64)
    (local.set $offset
      (f64.mul
        (f64.floor (f64.add (f64.div (local.get $apart) (f64.const 900000)) (f64.const 0.5)))
        (f64.const 900000)))
    (if (f64.gt (f64.abs (f64.sub (local.get $apart) (local.get $offset))) (f64.const 300000))
      (then (return (f64.const 0))))
    (local.get $offset))

  ;; Follows nodes to their answer about the last record.
  (func $asks (export "asks") (param $node i32) (result i32)
    (loop $next
      (if (i32.gt_u (local.get $node) (i32.const 1))
        (then
          (local.set $node
            (i32.load offset=12
              (i32.add
                (local.get $node)
                (i32.shl
                  (i32.eqz
                    (call $holds
                      (i32.load (local.get $node))
                      (i32.load offset=4 (local.get $node))
                      (i32.load offset=8 (local.get $node))))
                  (i32.const 2)))))
          (br $next))))
    (local.get $node))

  (func $broken (param $at i32) (result i32)
    (select (i32.const -1) (i32.const -2) (i32.lt_u (local.get $at) (global.get $end))))

  ;; The first byte from $at on that is no white space.
  (func $space (param $at i32) (result i32)
    (local $byte i32)
    (loop $next (result i32)
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.gt_u (local.get $byte) (i32.const 0x20)) (then (return (local.get $at))))
      (if (i32.or (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x0a)))
                  (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x09))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next)))
      (local.get $at)))

  ;; The value after the colon that stands here, white space apart.
  (func $colon (param $at i32) (result i32)
    (local.set $at (call $space (local.get $at)))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (call $broken (local.get $at)))))
    (call $space (i32.add (local.get $at) (i32.const 1))))

  ;; A bit for each of sixteen bytes that ends plain text in a string: a quote, a backslash, or what must be escaped.
  (func $ends (param $at i32) (result i32)
    (local $text v128)
    (local.set $text (v128.load align=1 (local.get $at)))
    (i8x16.bitmask
      (v128.or
        (v128.or
          (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x22)))
          (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x5c))))
        (i8x16.eq (i8x16.min_u (local.get $text) (i8x16.splat (i32.const 0x1f))) (local.get $text)))))

  ;; The first byte from $at on that ends plain text.
  (func $stretch (param $at i32) (result i32)
    (local $found i32)
    (loop $next
      (local.set $found (call $ends (local.get $at)))
      (if (i32.eqz (local.get $found))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next))))
    (i32.add (local.get $at) (i32.ctz (local.get $found))))

  ;; The quote that closes the string whose text begins at $at.
  (func $string (param $at i32) (result i32)
    (local $text v128) (local $quotes v128) (local $slashes v128) (local $found i32)
    (local $backslashes i32) (local $codes i32) (local $escaped i32)
    ;; Whether the byte before escapes the first of the next sixteen.
    (local $carried i32)
    (loop $sixteen
      (local.set $text (v128.load align=1 (local.get $at)))
      (local.set $quotes (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x22))))
      (local.set $slashes (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x5c))))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (v128.or (local.get $quotes) (local.get $slashes))
            (i8x16.eq (i8x16.min_u (local.get $text) (i8x16.splat (i32.const 0x1f))) (local.get $text)))))
      (if (i32.eqz (i32.or (local.get $found) (local.get $carried)))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $sixteen)))
      (local.set $backslashes (i8x16.bitmask (local.get $slashes)))
      (if (i32.or (local.get $backslashes) (local.get $carried))
        (then
          ;; Which backslashes escape, and with them what follows the last of a row: as simdjson finds it, by a subtraction
          ;; (https://github.com/simdjson/simdjson, json_escape_scanner.h).
          (local.set $escaped
            (i32.and (local.get $backslashes) (i32.xor (local.get $carried) (i32.const -1))))
          (local.set $codes
            (i32.xor
              (i32.sub
                (i32.or (i32.shl (local.get $escaped) (i32.const 1)) (i32.const 0xaaaa))
                (local.get $escaped))
              (i32.const 0xaaaa)))
          (local.set $escaped
            (i32.and
              (i32.xor (local.get $codes) (i32.or (local.get $backslashes) (local.get $carried)))
              (i32.const 0xffff)))
          (local.set $found
            (i32.and
              (local.get $found)
              (i32.xor (i32.or (local.get $backslashes) (local.get $escaped)) (i32.const -1))))
          ;; What is escaped before the string's end: mostly letters that are looked for here.
          (if (i32.and
                (i32.and
                  (local.get $escaped)
                  (i32.and
                    (i32.sub (local.get $found) (i32.const 1))
                    (i32.xor (local.get $found) (i32.const -1))))
                (i32.xor
                  (i8x16.bitmask
                    (v128.or
                      (v128.or
                        (v128.or (local.get $quotes) (local.get $slashes))
                        (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x6e)))) ;; n
                      (v128.or
                        (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x72))) ;; r
                        (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x74)))))) ;; t
                  (i32.const -1)))
            (then (return (call $escapes (i32.sub (local.get $at) (local.get $carried))))))
          (local.set $carried
            (i32.and
              (i32.shr_u (i32.and (local.get $codes) (local.get $backslashes)) (i32.const 15))
              (i32.const 1)))
          (if (i32.eqz (local.get $found))
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (br $sixteen)))))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $found))))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (local.get $at))))
      (return (call $broken (local.get $at))))
    (unreachable))

  ;; The same where it goes on at $at, escape by escape.
  (func $escapes (param $at i32) (result i32)
    (local $found i32) (local $place i32) (local $here i32) (local $byte i32) (local $text v128)
    (loop $sixteen
      ;; As $ends: a call for each sixteen bytes would cost as much again.
      (local.set $text (v128.load align=1 (local.get $at)))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x5c))))
            (i8x16.eq (i8x16.min_u (local.get $text) (i8x16.splat (i32.const 0x1f))) (local.get $text)))))
      (loop $hit
        (if (i32.eqz (local.get $found))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $sixteen)))
        (local.set $place (i32.ctz (local.get $found)))
        (local.set $here (i32.add (local.get $at) (local.get $place)))
        (local.set $byte (i32.load8_u (local.get $here)))
        (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $here))))
        (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (call $broken (local.get $here)))))
        (local.set $byte (i32.load8_u offset=1 (local.get $here)))
        (if (i32.ne (local.get $byte) (i32.const 0x5c))
          (then
            (if (i32.eq (local.get $byte) (i32.const 0x75)) ;; u
              (then
                (local.set $at (call $codePoint (i32.add (local.get $here) (i32.const 2))))
                (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
                (br $sixteen)))
            (if (i32.eqz (call $isEscape (local.get $byte)))
              (then (return (call $broken (i32.add (local.get $here) (i32.const 1))))))))
        ;; The escaped byte is not looked at again; it may be the first of the next sixteen.
        (if (i32.eq (local.get $place) (i32.const 15))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 17)))
            (br $sixteen)))
        (local.set $found
          (i32.and (local.get $found) (i32.shl (i32.const -4) (local.get $place))))
        (br $hit)))
    (unreachable))

  ;; The position after four hexadecimal digits.
  (func $codePoint (param $at i32) (result i32)
    (local $left i32)
    (global.set $respelled (i32.const 1))
    (local.set $left (i32.const 4))
    (loop $digit
      (if (i32.eqz (call $isHex (i32.load8_u (local.get $at)))) (then (return (call $broken (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $digit (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.get $at))

  ;; Whether a letter alone may follow a backslash: one of n r " t / b f, the frequent ones first.
  (func $isEscape (param $byte i32) (result i32)
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then (return (i32.const 1))))
    (if (i32.eq (local.get $byte) (i32.const 0x72)) (then (return (i32.const 1))))
    (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (i32.const 1))))
    (if (i32.eq (local.get $byte) (i32.const 0x74)) (then (return (i32.const 1))))
    (if (i32.eq (local.get $byte) (i32.const 0x2f))
      (then
        (global.set $respelled (i32.const 1))
        (return (i32.const 1))))
    (i32.or (i32.eq (local.get $byte) (i32.const 0x62)) (i32.eq (local.get $byte) (i32.const 0x66))))

  (func $isDigit (param $byte i32) (result i32)
    (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10)))

  (func $isHex (param $byte i32) (result i32)
    (i32.or
      (call $isDigit (local.get $byte))
      (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 6))))

  ;; The position after any value.
  (func $value (param $at i32) (param $depth i32) (result i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 0x22))
      (then
        (local.set $at (call $string (i32.add (local.get $at) (i32.const 1))))
        (return (i32.add (local.get $at) (i32.ge_s (local.get $at) (i32.const 0))))))
    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x2d)) (call $isDigit (local.get $byte))) ;; -
      (then (return (call $number (local.get $at)))))
    (if (i32.eq (local.get $byte) (i32.const 0x74)) ;; t
      (then (return (call $word (local.get $at) (i32.const 0x65757274) (i32.const 4))))) ;; eurt
    (if (i32.eq (local.get $byte) (i32.const 0x66)) ;; f
      (then (return (call $word (i32.add (local.get $at) (i32.const 1)) (i32.const 0x65736c61) (i32.const 4))))) ;; esla
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) ;; n
      (then (return (call $word (local.get $at) (i32.const 0x6c6c756e) (i32.const 4))))) ;; llun
    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7b)) (i32.eq (local.get $byte) (i32.const 0x5b))) ;; { [
      (then
        (if (i32.ge_u (local.get $depth) (i32.const 64)) (then (return (i32.const -3))))
        ;; The closing bracket is two above the opening one.
        (return
          (call $nested
            (local.get $at)
            (i32.add (local.get $byte) (i32.const 2))
            (i32.add (local.get $depth) (i32.const 1))))))
    (call $broken (local.get $at)))

  ;; The four letters of a word, as a number: a wrong one is where the word is broken.
  (func $word (param $at i32) (param $letters i32) (param $left i32) (result i32)
    (loop $next
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.and (local.get $letters) (i32.const 0xff)))
        (then (return (call $broken (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $letters (i32.shr_u (local.get $letters) (i32.const 8)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.get $at))

  (func $digits (param $at i32) (result i32)
    (loop $next
      (if (call $isDigit (i32.load8_u (local.get $at)))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  ;; One digit or more.
  (func $someDigits (param $at i32) (result i32)
    (if (call $isDigit (i32.load8_u (local.get $at))) (then (return (call $digits (local.get $at)))))
    (call $broken (local.get $at)))

  (func $number (param $at i32) (result i32)
    (local $byte i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    ;; Nothing but a fraction or an exponent follows a zero.
    (local.set $at
      (if (result i32) (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x30))
        (then (i32.add (local.get $at) (i32.const 1)))
        (else (call $someDigits (local.get $at)))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e)) ;; .
      (then
        (local.set $at (call $someDigits (i32.add (local.get $at) (i32.const 1))))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x65)) ;; e E
      (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.or (i32.eq (local.get $byte) (i32.const 0x2b)) (i32.eq (local.get $byte) (i32.const 0x2d))) ;; + -
          (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (return (call $someDigits (local.get $at)))))
    (local.get $at))

  ;; The position after the list or the object that begins at $at and that $close closes.
  (func $nested (param $at i32) (param $close i32) (param $depth i32) (result i32)
    (local $byte i32)
    (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
    (if (i32.eq (i32.load8_u (local.get $at)) (local.get $close))
      (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $item
      (if (i32.eq (local.get $close) (i32.const 0x7d))
        (then
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22))
            (then (return (call $broken (local.get $at)))))
          (local.set $at (call $string (i32.add (local.get $at) (i32.const 1))))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
          (local.set $at (call $colon (i32.add (local.get $at) (i32.const 1))))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))))
      (local.set $at (call $value (local.get $at) (local.get $depth)))
      (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (local.get $at))))
      (local.set $at (call $space (local.get $at)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (local.get $close))
        (then (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (local.get $byte) (i32.const 0x2c))
        (then (return (call $broken (local.get $at)))))
      (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
      (br $item))
    (unreachable))

  ;; The slot of a key, 0 when nobody wants it. Its traits are its length, its first byte and its last.
  (func $slot (param $begin i32) (param $end i32) (result i32)
    (local $length i32) (local $slot i32) (local $at i32) (local $key i32)
    (local.set $length (i32.sub (local.get $end) (local.get $begin)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (local.set $slot
      (i32.load8_u
        (i32.and
          (i32.add
            (i32.add
              (i32.mul (local.get $length) (i32.const 67))
              (i32.mul (i32.load8_u (local.get $begin)) (i32.const 257)))
            (i32.mul (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 13)))
          (i32.const 1023))))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $slot)))
        (local.set $at (i32.add (i32.const 1024) (i32.shl (local.get $slot) (i32.const 6))))
        (if (i32.eq (i32.load offset=4 (local.get $at)) (local.get $length))
          (then
            (local.set $key (i32.load offset=8 (local.get $at)))
            (if (call $same (local.get $key) (local.get $begin) (local.get $length))
              (then (return (local.get $slot))))))
        (local.set $slot (i32.load (local.get $at)))
        (br $next)))
    (i32.const 0))

  (func $same (param $a i32) (param $b i32) (param $left i32) (result i32)
    (local $differ i32)
    (loop $sixteen
      (local.set $differ
        (i32.xor
          (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $a)) (v128.load align=1 (local.get $b))))
          (i32.const 0xffff)))
      (if (i32.le_u (local.get $left) (i32.const 16))
        (then (return (i32.eqz (i32.shl (local.get $differ) (i32.sub (i32.const 32) (local.get $left)))))))
      (if (local.get $differ) (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $left (i32.sub (local.get $left) (i32.const 16)))
      (br $sixteen))
    (unreachable))

  ;; Of a string the text between the quotes is kept, of other values all of it.
  (func $note (param $slot i32) (param $begin i32) (param $end i32)
    (local $at i32) (local $kind i32) (local $quote i32) (local $mark i32)
    (local.set $at (i32.add (i32.const 1024) (i32.shl (local.get $slot) (i32.const 6))))
    (local.set $kind (i32.load8_u (local.get $begin)))
    (local.set $quote (i32.eq (local.get $kind) (i32.const 0x22)))
    (i32.store offset=12 (local.get $at) (global.get $record))
    (local.set $mark (i32.load offset=32 (local.get $at)))
    (i32.store (i32.const 1024) (i32.or (i32.load (i32.const 1024)) (local.get $mark)))
    ;; Of a field that is there twice the last value counts.
    (i32.store (i32.const 1028)
      (i32.or
        (i32.and (i32.load (i32.const 1028)) (i32.xor (local.get $mark) (i32.const -1)))
        (i32.mul (local.get $mark) (local.get $quote))))
    (i32.store offset=16 (local.get $at) (local.get $kind))
    (i32.store offset=20 (local.get $at) (i32.add (local.get $begin) (local.get $quote)))
    (i32.store offset=24 (local.get $at) (i32.sub (local.get $end) (local.get $quote)))
    (i32.store offset=28 (local.get $at)
      (i32.or (global.get $respelled) (call $isBeyondAscii (local.get $begin) (local.get $end)))))

  ;; Whether a byte between two positions has its highest bit set.
  (func $isBeyondAscii (param $at i32) (param $end i32) (result i32)
    (loop $next
      (if (i32.le_u (i32.add (local.get $at) (i32.const 16)) (local.get $end))
        (then
          (if (i8x16.bitmask (v128.load align=1 (local.get $at))) (then (return (i32.const 1))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next))))
    (i32.and
      (i8x16.bitmask (v128.load align=1 (local.get $at)))
      (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $at))) (i32.const 1))))

  ;; Whether the value in the slot at $slot, an address, may hold a text of $length bytes at $wanted, letters in any case;
  ;; the text has small ones. 0 only when it certainly does not.
  (func $holds (export "holds") (param $slot i32) (param $wanted i32) (param $length i32) (result i32)
    (local $kind i32) (local $begin i32) (local $end i32)
    (if (i32.ne (i32.load offset=12 (local.get $slot)) (global.get $record)) (then (return (i32.const 0))))
    (local.set $kind (i32.load offset=16 (local.get $slot)))
    (if (i32.eq (local.get $kind) (i32.const 0x6e)) (then (return (i32.const 0)))) ;; null
    (if (i32.or (i32.eqz (local.get $length)) (i32.load offset=28 (local.get $slot))) (then (return (i32.const 1))))
    (if (i32.or (i32.eq (local.get $kind) (i32.const 0x5b)) (i32.eq (local.get $kind) (i32.const 0x7b))) ;; [ {
      (then (return (i32.const 1))))
    (local.set $begin (i32.load offset=20 (local.get $slot)))
    (local.set $end (i32.load offset=24 (local.get $slot)))
    (if (call $search (local.get $begin) (local.get $end) (local.get $wanted) (local.get $length))
      (then (return (i32.const 1))))
    (if (i32.eq (local.get $kind) (i32.const 0x22)) (then (return (i32.const 0))))
    ;; A number may be written in other ways than it is read: 1e3 is 1000.
    (loop $next
      (if (i32.lt_u (local.get $begin) (local.get $end))
        (then
          (local.set $kind (i32.load8_u (local.get $begin)))
          (if (i32.or
                (i32.eq (local.get $kind) (i32.const 0x2e)) ;; .
                (i32.eq (i32.or (local.get $kind) (i32.const 0x20)) (i32.const 0x65))) ;; e E
            (then (return (i32.const 1))))
          (local.set $begin (i32.add (local.get $begin) (i32.const 1)))
          (br $next))))
    (i32.const 0))

  ;; Whether the bytes between $at and $end have a text in them, letters in any case: places where its first and its last
  ;; byte stand are found sixteen at a time.
  (func $search (param $at i32) (param $end i32) (param $wanted i32) (param $length i32) (result i32)
    (local $first v128) (local $last v128) (local $found i32) (local $reach i32)
    (local.set $first (i8x16.splat (i32.load8_u (local.get $wanted))))
    (local.set $reach (i32.sub (local.get $length) (i32.const 1)))
    (local.set $last (i8x16.splat (i32.load8_u (i32.add (local.get $wanted) (local.get $reach)))))
    ;; From here on where its last byte may stand.
    (local.set $end (i32.sub (local.get $end) (local.get $reach)))
    (loop $sixteen
      (if (i32.ge_s (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (local.set $found
        (i8x16.bitmask
          (v128.and
            (i8x16.eq (call $small (v128.load align=1 (local.get $at))) (local.get $first))
            (i8x16.eq
              (call $small (v128.load align=1 (i32.add (local.get $at) (local.get $reach))))
              (local.get $last)))))
      (loop $hit
        (if (local.get $found)
          (then
            (if (i32.and
                  (i32.lt_u (i32.add (local.get $at) (i32.ctz (local.get $found))) (local.get $end))
                  (call $stands
                    (i32.add (local.get $at) (i32.ctz (local.get $found)))
                    (local.get $wanted)
                    (local.get $length)))
              (then (return (i32.const 1))))
            (local.set $found (i32.and (local.get $found) (i32.sub (local.get $found) (i32.const 1))))
            (br $hit))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $sixteen))
    (unreachable))

  ;; Sixteen bytes with large letters made small.
  (func $small (param $text v128) (result v128)
    (v128.or
      (local.get $text)
      (v128.and
        (i8x16.lt_u
          (i8x16.sub (local.get $text) (i8x16.splat (i32.const 0x41)))
          (i8x16.splat (i32.const 26)))
        (i8x16.splat (i32.const 0x20)))))

  (func $stands (param $at i32) (param $wanted i32) (param $left i32) (result i32)
    (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x41)) (i32.const 26))
        (then (local.set $byte (i32.or (local.get $byte) (i32.const 0x20)))))
      (if (i32.ne (local.get $byte) (i32.load8_u (local.get $wanted))) (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $wanted (i32.add (local.get $wanted) (i32.const 1)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 1))

  ;; Milliseconds since 1970 of a string YYYY-MM-DD[T ]hh:mm:ss[.fraction][Z] in the slot at $slot, finer digits cut; NaN
  ;; for any other value, and for what is no date.
  (func $stamp (export "stamp") (param $slot i32) (result f64)
    (local $at i32) (local $end i32) (local $byte i32) (local $second i32) (local $minutes f64)
    (local $fraction i32) (local $weight i32)
    (if (i32.or
          (i32.ne (i32.load offset=12 (local.get $slot)) (global.get $record))
          (i32.ne (i32.load offset=16 (local.get $slot)) (i32.const 0x22)))
      (then (return (f64.const nan))))
    (local.set $at (i32.load offset=20 (local.get $slot)))
    (local.set $end (i32.load offset=24 (local.get $slot)))
    (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 19)) (then (return (f64.const nan))))
    ;; Records of one minute come one after the other.
    (if (i8x16.all_true (i8x16.eq (v128.load align=1 (local.get $at)) (v128.load offset=40 align=1 (local.get $slot))))
      (then (local.set $minutes (f64.load offset=56 (local.get $slot))))
      (else
        (local.set $minutes (call $minutes (local.get $at)))
        (if (f64.ne (local.get $minutes) (local.get $minutes)) (then (return (f64.const nan))))
        (v128.store offset=40 align=1 (local.get $slot) (v128.load align=1 (local.get $at)))
        (f64.store offset=56 (local.get $slot) (local.get $minutes))))
    (local.set $second (call $two (i32.add (local.get $at) (i32.const 17))))
    (if (i32.or
          (i32.ne (i32.load8_u offset=16 (local.get $at)) (i32.const 0x3a)) ;; :
          (i32.gt_u (local.get $second) (i32.const 59)))
      (then (return (f64.const nan))))
    (local.set $at (i32.add (local.get $at) (i32.const 19)))
    (if (i32.eq (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x5a)) ;; Z
      (then (local.set $end (i32.sub (local.get $end) (i32.const 1)))))
    (if (i32.ne (local.get $at) (local.get $end))
      (then
        (if (i32.or
              (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x2e)) ;; .
              (i32.eq (i32.sub (local.get $end) (local.get $at)) (i32.const 1)))
          (then (return (f64.const nan))))
        (local.set $weight (i32.const 100))
        (loop $digit
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.lt_u (local.get $at) (local.get $end))
            (then
              (local.set $byte (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
              (if (i32.gt_u (local.get $byte) (i32.const 9)) (then (return (f64.const nan))))
              (local.set $fraction
                (i32.add (local.get $fraction) (i32.mul (local.get $byte) (local.get $weight))))
              (local.set $weight (i32.div_u (local.get $weight) (i32.const 10)))
              (br $digit))))))
    (f64.add
      (local.get $minutes)
      (f64.convert_i32_u
        (i32.add (local.get $fraction) (i32.mul (local.get $second) (i32.const 1000))))))

  ;; Milliseconds since 1970 of a text YYYY-MM-DD[T ]hh:mm at $at; NaN for what is none.
  (func $minutes (param $at i32) (result f64)
    (local $byte i32)
    (local $year i32) (local $month i32) (local $day i32) (local $hour i32) (local $minute i32)
    (local.set $byte (i32.load8_u offset=10 (local.get $at)))
    (if (i32.or
          (i32.or
            (i32.ne (i32.load8_u offset=4 (local.get $at)) (i32.const 0x2d)) ;; -
            (i32.ne (i32.load8_u offset=7 (local.get $at)) (i32.const 0x2d)))
          (i32.or
            (i32.and (i32.ne (local.get $byte) (i32.const 0x54)) (i32.ne (local.get $byte) (i32.const 0x20)))
            (i32.ne (i32.load8_u offset=13 (local.get $at)) (i32.const 0x3a)))) ;; :
      (then (return (f64.const nan))))
    (local.set $year
      (i32.add
        (i32.mul (call $two (local.get $at)) (i32.const 100))
        (call $two (i32.add (local.get $at) (i32.const 2)))))
    (local.set $month (call $two (i32.add (local.get $at) (i32.const 5))))
    (local.set $day (call $two (i32.add (local.get $at) (i32.const 8))))
    (local.set $hour (call $two (i32.add (local.get $at) (i32.const 11))))
    (local.set $minute (call $two (i32.add (local.get $at) (i32.const 14))))
    (if (i32.or
          (i32.or
            (i32.or (i32.lt_u (local.get $year) (i32.const 1970)) (i32.gt_u (local.get $year) (i32.const 9999)))
            (i32.gt_u (i32.sub (local.get $month) (i32.const 1)) (i32.const 11)))
          (i32.or
            (i32.or
              (i32.eqz (local.get $day))
              (i32.gt_u (local.get $day) (call $daysIn (local.get $year) (local.get $month))))
            (i32.or (i32.gt_u (local.get $hour) (i32.const 23)) (i32.gt_u (local.get $minute) (i32.const 59)))))
      (then (return (f64.const nan))))
    (f64.add
      (f64.convert_i32_u
        (i32.mul
          (i32.add (i32.mul (local.get $hour) (i32.const 60)) (local.get $minute))
          (i32.const 60000)))
      (f64.mul
        (f64.const 86400000)
        (f64.convert_i32_s (call $dayNumber (local.get $year) (local.get $month) (local.get $day))))))

  ;; Two digits as a number; anything else as one that is none of a time.
  (func $two (param $at i32) (result i32)
    (local $tens i32) (local $ones i32)
    (local.set $tens (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
    (local.set $ones (i32.sub (i32.load8_u offset=1 (local.get $at)) (i32.const 0x30)))
    (if (i32.or (i32.gt_u (local.get $tens) (i32.const 9)) (i32.gt_u (local.get $ones) (i32.const 9)))
      (then (return (i32.const 10000))))
    (i32.add (i32.mul (local.get $tens) (i32.const 10)) (local.get $ones)))

  (func $daysIn (param $year i32) (param $month i32) (result i32)
    (if (i32.ne (local.get $month) (i32.const 2))
      ;; From August on it is the even months that are long.
      (then
        (return
          (i32.add
            (i32.const 30)
            (i32.and
              (i32.add (local.get $month) (i32.shr_u (local.get $month) (i32.const 3)))
              (i32.const 1))))))
    (i32.add
      (i32.const 28)
      (i32.and
        (i32.eqz (i32.and (local.get $year) (i32.const 3)))
        (i32.or
          (i32.ne (i32.rem_u (local.get $year) (i32.const 100)) (i32.const 0))
          (i32.eqz (i32.rem_u (local.get $year) (i32.const 400)))))))

  ;; Days since 1970-01-01, of a year that begins in March so that a leap day is its last.
  (func $dayNumber (param $year i32) (param $month i32) (param $day i32) (result i32)
    (local.set $year (i32.sub (local.get $year) (i32.lt_u (local.get $month) (i32.const 3))))
    (local.set $month (i32.rem_u (i32.add (local.get $month) (i32.const 9)) (i32.const 12)))
    (i32.sub
      (i32.add
        (i32.add
          (i32.mul (local.get $year) (i32.const 365))
          (i32.sub
            (i32.add (i32.div_u (local.get $year) (i32.const 4)) (i32.div_u (local.get $year) (i32.const 400)))
            (i32.div_u (local.get $year) (i32.const 100))))
        (i32.add
          (i32.div_u (i32.add (i32.mul (local.get $month) (i32.const 153)) (i32.const 2)) (i32.const 5))
          (local.get $day)))
      (i32.const 719469))))

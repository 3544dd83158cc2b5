-- Deletes superseded deliveries from the stage: runs ($1) and repairs ($2), by arrival.
with runs as (delete from stage_run where arrival = any ($1)),
     steps as (delete from stage_step where arrival = any ($1)),
     measurements as (delete from stage_measurement where arrival = any ($1)),
     findings as (delete from stage_finding where arrival = any ($1)),
     components as (delete from stage_component where arrival = any ($1))
delete from stage_repair where arrival = any ($2)

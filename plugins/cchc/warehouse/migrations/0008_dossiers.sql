-- What a night's clock looks up: the few rows with pauses without reading the others, and a working day by its number.
create index dossier_log_paused on accepted.dossier_log (_delivery, _line) where paused_from is not null or paused_minutes > 0;
create index calendar_day_number on reference.calendar_day (province, working_number) where is_working;

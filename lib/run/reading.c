/* The loop over a log's records. */
#include "run/reading.h"

enum { PROGRESS_EVERY = 4096, PROGRESS_EVERY_FED = 128 };

static double share_read(const struct kb_reading_options *options)
{
    double done = 0, all = 0;
    for (size_t i = 0; i < options->feed_count; i++) {
        struct kb_feed_report report = {0};
        options->feeds[i].feed->tell(options->feeds[i].feed->ctx, &report);
        done += report.share * report.weight;
        all += report.weight;
    }
    return all > 0 ? done / all : 0;
}

static void tell_progress(const struct kb_reading *reading,
                          const struct kb_reading_options *options, uint64_t records)
{
    if (options->progress != NULL) {
        struct kb_progress progress = {
            .bytes_done = kb_log_bytes_done(reading->log),
            .bytes_total = kb_log_bytes_total(reading->log),
            .events = records,
            .share = share_read(options),
        };
        options->progress(options->progress_ctx, &progress);
    }
}

static void read_all(struct kb_reading *reading, const struct kb_reading_options *options)
{
    struct kb_log_item item;
    for (uint64_t records = 1;; records++) {
        kb_log_next(reading->log, &item);
        if (item.record->kind == KB_RECORD_END) {
            break;
        }
        reading->lines += item.record->kind == KB_RECORD_AUTHENTICATOR;
        if (!kb_intake_add(reading->intake, &item, kb_log_stats(reading->log, item.input)->name)) {
            reading->stopped = true;
            break;
        }
        if (records % (reading->fed ? PROGRESS_EVERY_FED : PROGRESS_EVERY) == 0) {
            tell_progress(reading, options, records);
        }
    }
    if (!reading->stopped) {
        kb_intake_finish(reading->intake);
    }
}

KB_RES kb_reading_run(struct kb_reading *reading, const struct kb_reading_options *options,
                      struct kb_err *err)
{
    *reading = (struct kb_reading){.fed = options->feed_count > 0};
    kb_cover_init(&reading->cover);
    KB_TRY(kb_log_open(&(struct kb_log_options){.paths = options->logs,
                                                .path_count = options->log_count,
                                                .feeds = options->feeds,
                                                .feed_count = options->feed_count,
                                                .sha256 = options->sha256},
                       &reading->log, err));
    struct kb_intake_options intake = {
        .canonical = kb_log_input_count(reading->log) > 1,
        .since_ns = options->since_ns,
        .until_ns = options->until_ns,
        .on_event = options->on_event,
        .on_line = options->on_line,
        .ctx = options->ctx,
    };
    reading->intake = kb_intake_new(&intake, &reading->cover);
    read_all(reading, options);
    return KB_SUCCESS;
}

void kb_reading_done(struct kb_reading *reading)
{
    kb_intake_free(reading->intake);
    kb_log_close(reading->log);
    kb_cover_done(&reading->cover);
    *reading = (struct kb_reading){0};
}

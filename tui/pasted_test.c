#include "tui/pasted.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "tui/demand_words.h"
#include "tui/list_reading.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* A session, a list that comes into it, and whom the engine was told of. */
struct desk {
    struct model *model;
    struct pasted pasted;
    struct undo *undo;
    unsigned told;
};

static void hear(void *context, struct target *target)
{
    (void)target;
    ++*(unsigned *)context;
}

static struct desk *begun(void)
{
    struct desk *desk = mem_alloc(sizeof *desk);

    desk->model = fixture_model("tls1.2");
    desk->undo = mem_alloc(sizeof *desk->undo);
    return desk;
}

static void weigh(struct desk *desk, const char *text)
{
    struct input input = {.count = 0};
    struct strings files = {0};

    list_text((const uint8_t *)text, strlen(text), &input);
    pasted_begin(&desk->pasted, &input, &files);
    while (desk->pasted.state == PASTED_WEIGHED)
        pasted_weigh(&desk->pasted, desk->model, 1);
}

static void add(struct desk *desk)
{
    desk->told = 0;
    pasted_accept(&desk->pasted);
    while (desk->pasted.state == PASTED_TAKEN)
        pasted_add(&desk->pasted, desk->model, desk->undo, 1, hear, &desk->told);
}

static void assert_sentence(const struct desk *desk, const char *expected)
{
    char *sentence = pasted_sentence(&desk->pasted);

    assert_string_equal(sentence, expected);
    free(sentence);
}

static void end(struct desk *desk)
{
    pasted_release(&desk->pasted);
    undo_release(desk->undo);
    free(desk->undo);
    model_free(desk->model);
    free(desk);
}

static void adds_what_is_new(void **state)
{
    struct desk *desk = begun();

    (void)state;
    weigh(desk, "a.example partner\rb.example\rnot..good\r");
    assert_int_equal(model_target_count(desk->model), 0);
    assert_sentence(desk, "Add 2 targets (1 line not understood)? y n");
    add(desk);
    assert_sentence(desk, "2 added, 1 line not understood");
    assert_int_equal(model_target_count(desk->model), 2);
    assert_int_equal(desk->told, 2);
    assert_int_equal(desk->pasted.first, model_target_at(desk->model, 0)->id);
    assert_int_equal(model_notes(desk->model)->count, 1);
    end(desk);
}

/* What people write while a list is added is not undone with it. */
static void undo_goes_back_in_order(void **state)
{
    const struct target_notes words = {.note = "called"};
    struct desk *desk = begun();
    struct target *first;
    char *undone;

    (void)state;
    weigh(desk, "a.example partner\rb.example\r");
    pasted_accept(&desk->pasted);
    pasted_add(&desk->pasted, desk->model, desk->undo, 1, hear, &desk->told);
    first = model_target_at(desk->model, 0);
    pasted_part(&desk->pasted, desk->undo);
    undo_begin(desk->undo, "the note");
    undo_keep(desk->undo, first, false);
    model_set_notes(desk->model, first, &words);
    while (desk->pasted.state == PASTED_TAKEN)
        pasted_add(&desk->pasted, desk->model, desk->undo, 1, hear, &desk->told);
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_string_equal(undone, "the addition of a list");
    free(undone);
    assert_false(first->removed);
    assert_string_equal(first->spec.note, "called");
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_string_equal(undone, "the note");
    free(undone);
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_true(first->removed);
    free(undone);
    end(desk);
}

static void changes_what_is_known(void **state)
{
    struct desk *desk = begun();
    const struct target *way, *demand;
    char *undone;

    (void)state;
    weigh(desk, "domain,class,requirement\na.example,partner,\nb.example,partner,\nc.example,partner,\n");
    add(desk);
    way = model_target_at(desk->model, 0);
    demand = model_target_at(desk->model, 1);
    weigh(desk,
          "domain,class,requirement,smart_host\n\na.example,partner,,gw.example\nb.example,partner,chain,\n"
          "c.example,partner,,\nd.example,partner,,\nd.example,partner,chain,\n");
    assert_sentence(desk, "Add 1 target, change 2 (2 as before)? y n");
    add(desk);
    assert_sentence(desk, "1 added, 2 changed, 2 as before");
    assert_int_equal(desk->told, 2); /* of the new one, and of whose mail goes another way */
    assert_int_equal(model_target_count(desk->model), 4);
    assert_int_equal(way->spec.host_count, 1);
    assert_int_equal(demand->spec.requirement, REQUIREMENT_CHAIN);
    assert_int_equal(model_target_at(desk->model, 3)->spec.requirement, REQUIREMENT_ENCRYPTION);
    assert_string_equal(model_target_at(desk->model, 2)->spec.source, "pasted:5");
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_int_equal(way->spec.host_count, 0);
    assert_int_equal(demand->spec.requirement, REQUIREMENT_ENCRYPTION);
    assert_true(model_target_at(desk->model, 3)->removed);
    free(undone);
    end(desk);
}

static void nothing_is_new(void **state)
{
    struct desk *desk = begun();

    (void)state;
    weigh(desk, "a.example\nb.example\n");
    add(desk);
    weigh(desk, "# moved\nb.example\na.example\n");
    assert_int_equal(desk->pasted.state, PASTED_LEFT);
    assert_sentence(desk, "nothing new in the pasted list (2 as before)");
    assert_string_equal(model_target_at(desk->model, 0)->spec.source, "pasted:1");
    end(desk);
}

/* The list has the class of before; the domain does not come a second time. */
static void a_class_set_by_hand_stays(void **state)
{
    struct desk *desk = begun();
    struct target *a;

    (void)state;
    weigh(desk, "a.example partner\n");
    add(desk);
    a = model_target_at(desk->model, 0);
    model_reclass(desk->model, a, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    model_set_by_hand(desk->model, a, BY_HAND(HAND_CLASS));
    weigh(desk, "a.example partner\nb.example\n");
    assert_sentence(desk, "Add 1 target (1 as before, 1 of those with a class set by hand)? y n");
    add(desk);
    assert_sentence(desk, "1 added, 1 as before, 1 of those with a class set by hand");
    assert_int_equal(model_target_count(desk->model), 2);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    weigh(desk, "a.example\n");
    assert_sentence(desk, "nothing new in the pasted list (1 as before)");
    end(desk);
}

/* It is not added beside it; what the list says of people is taken. */
static void a_connector_speaks_for_its_domain(void **state)
{
    struct desk *desk = begun();
    const struct target *a;

    (void)state;
    weigh(desk, "domain,connector\na.example,To A\nb.example,To B\n");
    add(desk);
    a = model_target_at(desk->model, 0);
    weigh(desk, "a.example\nb.example partner\nc.example\n");
    assert_sentence(desk, "Add 1 target (2 as before)? y n");
    add(desk);
    assert_int_equal(model_target_count(desk->model), 3);
    weigh(desk, "domain,owner\na.example,Ann\nb.example,\n");
    assert_sentence(desk, "Change 1 target (1 as before)? y n");
    add(desk);
    assert_int_equal(model_target_count(desk->model), 3);
    assert_string_equal(a->spec.owner, "Ann");
    assert_string_equal(a->spec.connector, "To A");
    assert_int_equal(a->spec.class, CLASS_PARTNER);
    end(desk);
}

/* The domain goes to it; a second one that could carry it is a target of its own. */
static void a_connector_takes_its_domain(void **state)
{
    struct desk *desk = begun();
    const struct target *a, *b;
    char *undone, *words;

    (void)state;
    weigh(desk, "a.example\nb.example\n");
    add(desk);
    a = model_target_at(desk->model, 0);
    b = model_target_at(desk->model, 1);
    model_reclass(desk->model, model_target_at(desk->model, 1), CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    model_set_by_hand(desk->model, model_target_at(desk->model, 1), BY_HAND(HAND_CLASS));
    weigh(desk, "domain,connector,class\na.example,To A,partner\nb.example,To B,opportunistic\n"
                "a.example,To All,partner\n");
    assert_sentence(desk, "Add 1 target, change 2? y n");
    words = demand_words(a, &desk->pasted.input.specs[0]);
    assert_string_equal(words,
                        "carried by To A, partner instead of opportunistic, encryption instead of none");
    free(words);
    add(desk);
    assert_sentence(desk, "1 added, 2 changed");
    assert_int_equal(model_target_count(desk->model), 3);
    assert_string_equal(a->spec.connector, "To A");
    assert_int_equal(a->spec.class, CLASS_PARTNER);
    assert_string_equal(b->spec.connector, "To B");
    assert_int_equal(b->spec.class, CLASS_PARTNER);
    weigh(desk, "domain,connector,class\na.example,To A,partner\nb.example,To B,opportunistic\n"
                "a.example,To All,partner\n");
    assert_sentence(desk,
                    "nothing new in the pasted list (3 as before, 1 of those with a class set by hand)");
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_null(a->spec.connector);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NONE);
    free(undone);
    weigh(desk, "a.example\nb.example\n");
    assert_sentence(desk,
                    "nothing new in the pasted list (2 as before, 1 of those with a class set by hand)");
    end(desk);
}

static void what_was_removed_comes_back_as_listed(void **state)
{
    struct desk *desk = begun();
    const struct target *a;
    char *undone;

    (void)state;
    weigh(desk, "a.example partner\n");
    add(desk);
    a = model_target_at(desk->model, 0);
    model_remove(desk->model, model_target_at(desk->model, 0));
    weigh(desk, "domain,class,requirement\na.example,partner,name\n");
    assert_sentence(desk, "Add 1 target? y n");
    add(desk);
    assert_int_equal(model_target_count(desk->model), 1);
    assert_false(a->removed);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NAME);
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_true(a->removed);
    assert_int_equal(a->spec.requirement, REQUIREMENT_ENCRYPTION);
    free(undone);
    end(desk);
}

/* What was added by then stays, and can be taken back. */
static void stops_on_the_way(void **state)
{
    struct desk *desk = begun();
    char *undone, *progress;

    (void)state;
    weigh(desk, "a.example\nb.example\nc.example\nd.example\n");
    pasted_accept(&desk->pasted);
    pasted_add(&desk->pasted, desk->model, desk->undo, 2, hear, &desk->told);
    progress = pasted_progress(&desk->pasted);
    assert_string_equal(progress, "adding the list: 50 %");
    free(progress);
    assert_int_equal(desk->undo->count, 0);
    pasted_stop(&desk->pasted, desk->model, desk->undo);
    assert_null(pasted_progress(&desk->pasted));
    assert_sentence(desk, "2 added");
    assert_int_equal(model_target_count(desk->model), 2);
    undone = undo_back(desk->undo, desk->model, NULL, NULL);
    assert_true(model_target_at(desk->model, 1)->removed);
    free(undone);
    end(desk);
}

static void the_page_says_what_changes(void **state)
{
    static const char *const expected[] = {"To change",
                                           "a.example: chain instead of encryption",
                                           "To add",
                                           "c.example: partner, TLS required",
                                           "As before, with the class that was set by hand",
                                           "b.example: partner in the list, opportunistic as set here"};
    struct desk *desk = begun();
    struct page page;
    char *text;

    (void)state;
    weigh(desk, "a.example partner\nb.example partner\n");
    add(desk);
    model_reclass(desk->model, model_target_at(desk->model, 1), CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    model_set_by_hand(desk->model, model_target_at(desk->model, 1), BY_HAND(HAND_CLASS));
    weigh(desk,
          "domain,class,requirement\na.example,partner,chain\nb.example,partner,\nc.example,partner,\n");
    page_init(&page, 78, false);
    pasted_page_build(&page, &desk->pasted, desk->model);
    text = page_text(&page);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_non_null(strstr(text, expected[i]));
    free(text);
    page_release(&page);
    end(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_what_is_new),
        cmocka_unit_test(undo_goes_back_in_order),
        cmocka_unit_test(changes_what_is_known),
        cmocka_unit_test(nothing_is_new),
        cmocka_unit_test(a_class_set_by_hand_stays),
        cmocka_unit_test(a_connector_speaks_for_its_domain),
        cmocka_unit_test(a_connector_takes_its_domain),
        cmocka_unit_test(what_was_removed_comes_back_as_listed),
        cmocka_unit_test(stops_on_the_way),
        cmocka_unit_test(the_page_says_what_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

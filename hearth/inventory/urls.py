"""Addresses of what is on sale."""

from django.urls import path

from hearth.inventory.views import batches, homes, openings, prices, queue

app_name = "inventory"
urlpatterns = [
    path("", batches.batch_list, name="batches"),
    path("batches/new/", batches.new_batch, name="new_batch"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/change/", batches.change, name="change_batch"),
    path("batches/<uuid:batch_id>/homes/", batches.add, name="add_homes"),
    path("batches/<uuid:batch_id>/homes/remove/", batches.remove, name="remove_homes"),
    path("batches/<uuid:batch_id>/submit/", batches.submit, name="submit_batch"),
    path("batches/<uuid:batch_id>/approve/", batches.approve, name="approve_batch"),
    path("batches/<uuid:batch_id>/return/", batches.send_back, name="return_batch"),
    path("batches/<uuid:batch_id>/release/", batches.release, name="release_batch"),
    path("batches/<uuid:batch_id>/prices/new/", prices.new_prices, name="new_prices"),
    path("prices/<uuid:prices_id>/", prices.price_list, name="price_list"),
    path("prices/<uuid:prices_id>/write/", prices.write, name="write_prices"),
    path("prices/<uuid:prices_id>/submit/", prices.submit, name="submit_prices"),
    path("prices/<uuid:prices_id>/approve/", prices.approve, name="approve_prices"),
    path("prices/<uuid:prices_id>/return/", prices.send_back, name="return_prices"),
    path("plans/<uuid:building_id>/", homes.plan, name="plan"),
    path("plans/<uuid:building_id>/now/", homes.plan_now, name="plan_now"),
    path("homes/<uuid:unit_id>/", homes.home, name="home"),
    path("homes/<uuid:unit_id>/hold/", homes.hold, name="hold"),
    path("homes/<uuid:unit_id>/reserve/", homes.reserve, name="reserve"),
    path("holds/<uuid:hold_id>/extend/", homes.extend, name="extend"),
    path("holds/<uuid:hold_id>/free/", homes.free, name="free"),
    path("holds/<uuid:hold_id>/withdraw/", homes.withdraw, name="withdraw"),
    path("batches/<uuid:batch_id>/queue/", queue.queue, name="queue"),
    path("queue/<uuid:entry_id>/leave/", queue.leave, name="leave_queue"),
    path("batches/<uuid:batch_id>/opening/", openings.begin, name="begin_opening"),
    path("openings/<uuid:opening_id>/", openings.opening, name="opening"),
    path("openings/<uuid:opening_id>/call/", openings.call, name="call_numbers"),
    path("openings/<uuid:opening_id>/close/", openings.close, name="close_opening"),
    path("openings/<uuid:opening_id>/homes/", openings.choosing, name="choosing"),
    path("openings/<uuid:opening_id>/homes/<uuid:building_id>/", openings.homes, name="choosing_homes"),
    path("openings/<uuid:opening_id>/changes/", openings.changes, name="opening_changes"),
    path("openings/<uuid:opening_id>/choose/", openings.choose, name="choose"),
]

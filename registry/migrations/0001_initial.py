import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from registry import append_only
from django.db import migrations, models


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0001_initial'),
        ('org', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=120)),
                ('stored_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=40)),
                ('data', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation')], default='person', max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('sort_name', models.CharField(editable=False, max_length=200)),
                ('language', models.CharField(blank=True, max_length=2, verbose_name='language')),
                ('way', models.CharField(blank=True, choices=[('email', 'E-mail'), ('post', 'Post'), ('phone', 'Phone'), ('counter', 'Counter')], max_length=8, verbose_name='preferred way')),
                ('notes', models.CharField(blank=True, max_length=1000, verbose_name='notes')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='became_this', to='registry.contact')),
                ('root', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stubs', to='registry.contact')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='contact_has_a_name'), models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'organisation'])), name='contact_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', True), ('root__isnull', True)), models.Q(('merged_into__isnull', False), ('root__isnull', False)), _connector='OR'), name='contact_stub_has_a_root'), models.CheckConstraint(condition=models.Q(('root__isnull', True), models.Q(('root', models.F('id')), _negated=True), _connector='OR'), name='contact_root_is_another')],
                'indexes': [models.Index(condition=models.Q(('merged_into__isnull', True)), fields=['sort_name', 'id'], name='contact_by_name')],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_ar', models.CharField(max_length=200, verbose_name='name in Arabic')),
                ('name_fr', models.CharField(max_length=200, verbose_name='name in French')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('direction', models.CharField(choices=[('in', 'Incoming'), ('out', 'Outgoing'), ('internal', 'Internal'), ('minutes', 'Minutes of voiding')], max_length=8, verbose_name='direction')),
                ('pattern', models.CharField(default='{year}/{register}/{serial:06d}', max_length=60, verbose_name='number pattern')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('direction__in', ['in', 'out', 'internal', 'minutes'])), name='register_direction_known')],
            },
        ),
        migrations.CreateModel(
            name='ContactDouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('found_at', models.DateTimeField()),
                ('dismissed_at', models.DateTimeField(null=True)),
                ('dismissed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.contact')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_contact_double'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='contact_double_in_order')],
                'indexes': [models.Index(condition=models.Q(('dismissed_at__isnull', True)), fields=['-score', 'id'], name='contact_double_open')],
            },
        ),
        migrations.CreateModel(
            name='ContactEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=20)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='registry.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['contact', '-id'], name='contact_event_newest')],
            },
        ),
        migrations.CreateModel(
            name='ContactKey',
            fields=[
                ('pk', models.CompositePrimaryKey('key', 'contact', blank=True, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=60)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='registry.contact')),
            ],
        ),
        migrations.CreateModel(
            name='ContactMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filled', models.JSONField(default=dict)),
                ('letters', models.PositiveIntegerField(default=0)),
                ('merged_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('loser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lost_merges', to='registry.contact')),
                ('merged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('winner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='registry.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('loser',), name='one_merge_at_a_time'), models.CheckConstraint(condition=models.Q(('winner', models.F('loser')), _negated=True), name='merge_of_two_contacts'), models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('undone_by__isnull', False), _connector='OR'), name='merge_undone_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='ContactView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='registry.contact')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'person', 'day'), name='one_contact_view')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='registry number')),
                ('subject', models.CharField(blank=True, max_length=500, verbose_name='subject')),
                ('channel', models.CharField(choices=[('counter', 'Counter'), ('post', 'Post'), ('email', 'E-mail'), ('portal', "Citizen's page"), ('api', 'Partner system'), ('scan', 'Scanner'), ('phone', 'Phone'), ('internal', 'Internal')], max_length=8, verbose_name='channel')),
                ('stage', models.CharField(choices=[('registered', 'Registered'), ('in_hand', 'In hand'), ('answered', 'Answered'), ('closed', 'Closed'), ('voided', 'Voided')], default='registered', max_length=10, verbose_name='stage')),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='date of the letter')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('registered_at', models.DateTimeField(verbose_name='registered')),
                ('external_reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                ('confidentiality', models.PositiveSmallIntegerField(choices=[(0, 'Ordinary'), (1, 'Confidential'), (2, 'Secret')], default=0, verbose_name='confidentiality')),
                ('language', models.CharField(blank=True, max_length=2, verbose_name='language')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('due_explained', models.JSONField(blank=True, default=dict)),
                ('tracking_hash', models.CharField(max_length=64)),
                ('deposit_key', models.CharField(max_length=64, null=True, unique=True)),
                ('deposit_digest', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('version', models.PositiveIntegerField(default=0)),
                ('chain_head', models.CharField(blank=True, max_length=64)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='org.department', verbose_name='responsible unit')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='org.letterkind', verbose_name='kind')),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='registry.register')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'year', 'serial'), name='one_number'), models.CheckConstraint(condition=models.Q(('serial__gte', 1)), name='serial_from_one'), models.CheckConstraint(condition=models.Q(('confidentiality__lte', 2)), name='level_known'), models.CheckConstraint(condition=models.Q(('stage__in', ['registered', 'in_hand', 'answered', 'closed', 'voided'])), name='letter_stage_known')],
                'indexes': [models.Index(fields=['-registered_at', '-id'], name='letter_newest'), models.Index(fields=['register', 'stage', 'registered_at', 'id', 'confidentiality'], name='letter_stage'), models.Index(fields=['department', 'stage', 'due_on'], name='letter_due'), models.Index(fields=['kind', 'stage', 'id'], name='letter_kind'), models.Index(fields=['channel', 'stage', 'id'], name='letter_channel'), models.Index(fields=['external_reference'], name='letter_reference'), models.Index(django.db.models.functions.text.Upper('external_reference'), name='letter_reference_upper')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('chain_head', models.CharField(blank=True, max_length=64)),
                ('closing_head', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='registry.register')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'year'), name='one_series')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('main', 'Letter'), ('enclosure', 'Enclosure')], max_length=10)),
                ('title', models.CharField(max_length=255)),
                ('media_type', models.CharField(max_length=120)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('attached_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='registry.document')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='registry.letter')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.storedfile')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('letter', 'position'), name='one_position')],
            },
        ),
        migrations.CreateModel(
            name='DepartmentReader',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('heads', models.BooleanField(db_default=False, default=False)),
                ('directors', models.BooleanField(db_default=False, default=False)),
                ('active', models.BooleanField(default=True)),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='org.department')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'department', 'heads'), name='one_reader'), models.UniqueConstraint(fields=('letter', 'person'), name='one_reading_person'), models.UniqueConstraint(condition=models.Q(('directors', True)), fields=('letter',), name='directors_read_once'), models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('directors', False), ('person__isnull', True)), models.Q(('department__isnull', True), ('directors', False), ('heads', False), ('person__isnull', False)), models.Q(('department__isnull', True), ('directors', True), ('heads', False), ('person__isnull', True)), _connector='OR'), name='reader_is_one')],
                'indexes': [models.Index(fields=['department', 'active', 'letter'], name='reader_of_department'), models.Index(fields=['person', 'active', 'letter'], name='reader_of_person')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Phone'), ('address', 'Address'), ('customer', 'Customer number')], max_length=8, verbose_name='kind')),
                ('value', models.CharField(max_length=400, verbose_name='value')),
                ('compared', models.CharField(editable=False, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='registry.contact')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'kind', 'compared'), name='one_contact_point'), models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'phone', 'address', 'customer'])), name='contact_point_kind_known'), models.CheckConstraint(condition=models.Q(('verified_at__isnull', True), ('verified_by__isnull', False), _connector='OR'), name='contact_point_verified_by_somebody')],
                'indexes': [models.Index(fields=['kind', 'compared', 'contact'], name='contact_point_found')],
            },
        ),
        migrations.CreateModel(
            name='LetterEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=40)),
                ('visibility', models.CharField(choices=[('citizen', 'Citizen'), ('staff', 'Staff')], default='staff', max_length=8)),
                ('data', models.JSONField(default=dict)),
                ('seals', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('register_hash', models.CharField(blank=True, max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='registry.letter')),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.UniqueConstraint(fields=('letter', 'seq'), name='one_event')],
                'indexes': [models.Index(fields=['at'], name='event_at')],
            },
        ),
        migrations.CreateModel(
            name='LetterLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('duplicate', 'Duplicate of'), ('copy', 'Copy by another channel of'), ('reminder', 'Reminder of'), ('different', 'Not the same as'), ('related', 'Same matter as'), ('follows', 'Follows'), ('replaces', 'Replaces')], max_length=9)),
                ('made_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='registry.letter')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_from', to='registry.letter')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('letter', 'other'), name='one_standing_link'), models.CheckConstraint(condition=models.Q(('letter', models.F('other')), _negated=True), name='link_between_two'), models.CheckConstraint(condition=models.Q(('kind__in', ['duplicate', 'copy', 'reminder', 'different', 'related', 'follows', 'replaces'])), name='link_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='undoing_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('sender', 'Sender'), ('recipient', 'Recipient'), ('copy', 'Copy'), ('behalf', 'On behalf of')], max_length=10, verbose_name='role')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('address', models.CharField(blank=True, max_length=400, verbose_name='address')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='registry.contact')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='registry.letter')),
            ],
            options={
                'verbose_name_plural': 'parties',
                'constraints': [models.UniqueConstraint(condition=models.Q(('role', 'sender')), fields=('letter',), name='one_sender')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('registration', 'Registration receipt'), ('missing_pieces', 'Receipt with missing pieces'), ('complete', 'Receipt with due date')], max_length=16)),
                ('issued_at', models.DateTimeField()),
                ('token', models.CharField(max_length=43, unique=True)),
                ('words', models.JSONField(blank=True, default=dict)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='registry.letter')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('office_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'registration')), fields=('letter',), name='one_registration_receipt')],
            },
        ),
        migrations.CreateModel(
            name='ReplyLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('incoming', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='registry.letter')),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incoming', 'outgoing'), name='one_reply_link'), models.CheckConstraint(condition=models.Q(('incoming', models.F('outgoing')), _negated=True), name='reply_link_between_two')],
            },
        ),
        migrations.CreateModel(
            name='SameMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('duplicate', 'Duplicate of'), ('copy', 'Copy by another channel of'), ('reminder', 'Reminder of'), ('different', 'Not the same as'), ('related', 'Same matter as'), ('follows', 'Follows'), ('replaces', 'Replaces')], max_length=9)),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='same_as', to='registry.letter')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='came_again', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'other'), name='one_same_mail'), models.CheckConstraint(condition=models.Q(('letter', models.F('other')), _negated=True), name='same_mail_of_two'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='same_mail_score_is_a_share'), models.CheckConstraint(condition=models.Q(('kind__in', ['duplicate', 'copy', 'reminder'])), name='same_mail_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='DailyClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('day', models.DateField()),
                ('first', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('chain_head', models.CharField(blank=True, max_length=64)),
                ('heads', models.JSONField(default=list)),
                ('closed_at', models.DateTimeField()),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='registry.numberseries')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
            ],
            options={
                'ordering': ['series', 'sequence'],
                'constraints': [models.UniqueConstraint(fields=('series', 'sequence'), name='one_closing')],
            },
        ),
        migrations.CreateModel(
            name='VoidRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('decision', models.CharField(choices=[('pending', 'Asked'), ('approved', 'Approved'), ('refused', 'Refused')], default='pending', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('minute_number', models.CharField(max_length=60, null=True, unique=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='void_requests', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision', 'pending')), fields=('letter',), name='one_open_void_request'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='void_needs_a_reason'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='void_needs_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'approved'), _negated=True), ('minute_number__isnull', False), _connector='OR'), name='void_has_a_minute')],
            },
        ),
        migrations.CreateModel(
            name='DocumentReading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('engine', models.CharField(max_length=120)),
                ('language', models.CharField(blank=True, max_length=2)),
                ('text', models.TextField(blank=True)),
                ('pages', models.JSONField(default=list)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('read_at', models.DateTimeField()),
                ('current', models.BooleanField(default=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='registry.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('current', True)), fields=('document',), name='one_current_reading')],
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sketch', models.JSONField(default=list)),
                ('looks', models.JSONField(default=list)),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fingerprint', to='registry.document')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fingerprints', to='registry.letter')),
            ],
        ),
        migrations.CreateModel(
            name='ReadingPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField(blank=True)),
                ('words', models.JSONField(default=list)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='read_pages', to='registry.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'digest'), name='one_read_page')],
            },
        ),
        migrations.CreateModel(
            name='PiecesRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('pieces', models.TextField(max_length=4000, verbose_name='missing pieces')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pieces_request', to='registry.letter')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.receipt')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pieces', ''), _negated=True), name='pieces_are_named')],
            },
        ),
        migrations.CreateModel(
            name='FingerprintBand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BigIntegerField()),
                ('fingerprint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='registry.fingerprint')),
            ],
            options={
                'indexes': [models.Index(fields=['value', 'fingerprint'], name='band_value')],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('searchable', 'Searchable PDF'), ('pdf', 'PDF of an office document')], max_length=12)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renditions', to='registry.document')),
                ('reading', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.documentreading')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'kind'), name='one_rendition')],
            },
        ),
        # what must never change is kept by the database itself
        migrations.RunPython(install, remove),
    ]
